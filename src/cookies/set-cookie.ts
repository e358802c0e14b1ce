/** Reads one Set-Cookie line (RFC 6265bis §5.6). */
import type { AttributeReader, Reading } from './attributes.ts'
import { trimBlanks } from './blanks.ts'
import { badCharacters } from './characters.ts'
import type { Refusal } from './stored-cookie.ts'

const MAX_PAIR = 4096

export interface ParsedCookie {
  readonly name: string
  readonly value: string
  readonly reading: Reading
  /** Its date, where it has one: the next line of the host has another. */
  readonly expires: number | null
}

export function parseCookieLine(
  line: string,
  host: string,
  reader: AttributeReader,
): ParsedCookie | Refusal {
  const semicolon = line.indexOf(';')
  const pair = semicolon === -1 ? line : line.slice(0, semicolon)
  const bad = badCharacters(pair)
  if (bad !== null) return { refused: bad }
  // Step 3: a pair without equals sign is a value without name.
  const equals = pair.indexOf('=')
  const name = equals === -1 ? '' : trimBlanks(pair.slice(0, equals))
  const value = trimBlanks(pair.slice(equals + 1))
  const fault = pairFault(name, value)
  if (fault !== null) return { refused: fault }
  const reading = reader.read(host, semicolon === -1 ? '' : line.slice(semicolon))
  if ('refused' in reading) return reading
  return { name, value, reading, expires: reading.expires }
}

/** §5.7 steps 2 and 4, for every way in; octets and characters are one here. */
export function pairFault(name: string, value: string): string | null {
  if (name === '' && value === '') return 'it has neither name nor value'
  return name.length + value.length > MAX_PAIR ? 'name and value exceed 4096 octets' : null
}
