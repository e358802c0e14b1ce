/**
 * Header fields (layer 0): a bag with WHATWG's surface that keeps the caller's spelling and order,
 * needs no runtime, and is safe for any name (`__proto__` is just a name).
 */
import { describe } from './bytes.ts'
import { InvalidHeaderError } from './call-errors.ts'
import type { HeaderFields, HeaderPair, HeaderPairs } from './ports.ts'
import type { HeadersInput } from './types.ts'

/** RFC 9110 §5.6.2: token. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** RFC 9110 §5.5 without obs-text beyond Latin-1, which no two runtimes send alike. */
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/

type Field = [lower: string, name: string, value: string]

/** WHATWG `Headers` (so that it passes for one), over a plain list of fields. */
export class Headers implements HeaderFields {
  #all: Field[] = []
  /** Where the fields lie that came from a wire, until somebody needs more than one of them. */
  #wire: HeaderFields | null = null
  /** What `pairs` gives, until a field changes. */
  #pairs: HeaderPairs | null = null

  /** @throws InvalidHeaderError for names and values HTTP does not allow. */
  constructor(input?: HeadersInput | Headers | null) {
    if (input === undefined || input === null) return
    for (const [name, value] of headerEntries(input)) {
      if (value !== null && value !== undefined) this.append(name, checkValue(name, value))
    }
  }

  /** Fields that came from the wire: taken as they are, nothing is checked. */
  static fromWire(pairs: HeaderPairs): Headers {
    const headers = new Headers()
    headers.#list(pairs)
    return headers
  }

  /** As `fromWire`, but not listed before that is asked for. */
  static over(wire: HeaderFields): Headers {
    const headers = new Headers()
    headers.#wire = wire
    return headers
  }

  get #fields(): Field[] {
    if (this.#wire !== null) this.#list(this.#wire.pairs())
    return this.#all
  }

  #list(pairs: HeaderPairs): void {
    this.#wire = null
    this.#pairs = pairs
    this.#all = pairs.map(([name, value]) => [name.toLowerCase(), name, value])
  }

  append(name: string, value: string): void {
    this.#fields.push([checkName(name).toLowerCase(), name, checkValue(name, value)])
    this.#pairs = null
  }

  /** Takes the place of the first field of that name; the others go. */
  set(name: string, value: string): void {
    const lower = checkName(name).toLowerCase()
    const field: Field = [lower, name, checkValue(name, value)]
    const fields = this.#fields
    this.#pairs = null
    const at = fields.findIndex((each) => each[0] === lower)
    this.#all = fields.filter((each) => each[0] !== lower)
    this.#all.splice(at === -1 ? fields.length : at, 0, field)
  }

  get(name: string): string | null {
    // A name that is none is a TypeError to a runtime's own headers.
    if (this.#wire !== null) return TOKEN.test(name) ? this.#wire.get(name) : null
    const lower = name.toLowerCase()
    let joined: string | null = null
    for (const field of this.#fields) {
      if (field[0] === lower) joined = joined === null ? field[2] : `${joined}, ${field[2]}`
    }
    return joined
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  delete(name: string): void {
    const lower = name.toLowerCase()
    this.#all = this.#fields.filter((field) => field[0] !== lower)
    this.#pairs = null
  }

  /** Each Set-Cookie field of its own (Fetch §5.1 `getSetCookie`). */
  getSetCookie(): string[] {
    return this.#fields.filter((field) => field[0] === 'set-cookie').map((field) => field[2])
  }

  /** The fields in the order they were set, spelt as they were. */
  pairs(): HeaderPairs {
    const fields = this.#fields
    this.#pairs ??= fields.map(([, name, value]): HeaderPair => [name, value])
    return this.#pairs
  }

  forEach(
    callback: (value: string, name: string, parent: Headers) => void,
    thisArg?: unknown,
  ): void {
    for (const [name, value] of this) callback.call(thisArg, value, name, this)
  }

  *entries(): ArrayIterator<[string, string]> {
    yield* this.#sorted()
  }

  *keys(): ArrayIterator<string> {
    yield* this.#sorted().map(([name]) => name)
  }

  *values(): ArrayIterator<string> {
    yield* this.#sorted().map(([, value]) => value)
  }

  [Symbol.iterator](): ArrayIterator<[string, string]> {
    return this.entries()
  }

  get [Symbol.toStringTag](): string {
    return 'Headers'
  }

  /** Fetch §5.1 "sort and combine": lower case, sorted, joined, Set-Cookie apart. */
  #sorted(): [string, string][] {
    const combined = new Map<string, string>()
    const cookies: [string, string][] = []
    for (const [lower, , value] of this.#fields) {
      const before = combined.get(lower)
      if (lower === 'set-cookie') cookies.push([lower, value])
      else combined.set(lower, before === undefined ? value : `${before}, ${value}`)
    }
    return [...combined, ...cookies].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  }
}

export function checkName(name: string): string {
  if (typeof name === 'string' && TOKEN.test(name)) return name
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : describe(name)
  throw new InvalidHeaderError(
    `Header names may have letters, digits and !#$%&'*+-.^_\`|~ only: ${shown}.`,
  )
}

/** Leading and trailing white space goes, as Fetch normalises a value. The value is never shown. */
export function checkValue(name: string, value: string | number): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') {
    throw new InvalidHeaderError(`The header ${name} must be a string, not ${describe(value)}.`)
  }
  const trimmed = value.trim()
  const bad = BAD_VALUE.exec(trimmed)
  if (bad === null) return trimmed
  const code = bad[0].charCodeAt(0).toString(16)
  throw new InvalidHeaderError(
    `The value of header ${name} has the character 0x${code} at position ${String(bad.index)}: encode it (RFC 8187 or base64).`,
  )
}

/** Own, enumerable names of an object, or the pairs of an iterable. */
export function headerEntries(
  input: HeadersInput | Headers,
): Iterable<readonly [string, string | number | null | undefined]> {
  if (input instanceof Headers) return input.pairs()
  if (typeof input !== 'object') {
    throw new TypeError(`headers must be an object or pairs, not ${describe(input)}.`)
  }
  if (Symbol.iterator in input) return input as Iterable<readonly [string, string]>
  return Object.entries(input)
}
