/** Layer 1: the parts of a multipart body, from `files`, from the fields beside them, or from a
 *  FormData. */
import { describe } from '../bytes.ts'
import type { HeadersInput } from '../types.ts'
import { CONTENT_KINDS, hasTag, isBlob, isSearchParams, readContent } from './content.ts'
import { formFields, isPlainObject } from './form.ts'
import { checkMediaType, fieldText, GUESS, type Part, readPartHeaders } from './part.ts'
import { blobSource, TextSource } from './source.ts'

/** `files`: an object or pairs; the value of a name is a file or a list of files. */
export function fileParts(input: object): Part[] {
  const parts: Part[] = []
  for (const [name, value] of fileEntries(input)) {
    for (const file of isList(value) ? value : [value]) parts.push(filePart(name, file))
  }
  return parts
}

/** `data` beside `files`: plain fields, in front of the files as in `requests`. */
export function fieldParts(data: unknown): Part[] {
  if (typeof data === 'object' && data !== null) {
    if (isFormData(data)) return formDataParts(data)
    const fields = isSearchParams(data) ? [...data] : formFields(data)
    if (fields !== null) return fields.map(([name, value]) => fieldPart(name, value))
  }
  throw new TypeError(
    `data beside files must be the fields of a form (an object or pairs), not ${describe(data)}.`,
  )
}

/** Entries of a FormData, as a browser would send them. */
export function formDataParts(form: FormData): Part[] {
  const parts: Part[] = []
  for (const [name, value] of form as unknown as Iterable<[string, unknown]>) {
    // The types of the DOM leave out that a FormData may be another realm's or a polyfill's.
    if (typeof value === 'object' && value !== null && isBlob(value)) {
      // Bun's entry is a Blob whose name is undefined.
      const filename = 'name' in value && typeof value.name === 'string' ? value.name : 'blob'
      const type = value.type === '' ? OCTETS : checkMediaType(value.type)
      parts.push({ name, filename, type, headers: [], source: blobSource(value) })
    } else parts.push(fieldPart(name, String(value)))
  }
  return parts
}

/** The `form-data` package of Node wears the brand too, but cannot be iterated. */
export function isFormData(input: object): input is FormData {
  return hasTag(input, 'FormData') && Symbol.iterator in input
}

const OCTETS = 'application/octet-stream'

function fieldPart(name: string, value: string): Part {
  const source = new TextSource(fieldText(value))
  return { name, filename: null, type: null, headers: [], source }
}

function fileEntries(input: object): Iterable<readonly [string, unknown]> {
  if (Array.isArray(input)) return input.map(checkPair)
  if (isPlainObject(input)) return Object.entries(input)
  throw new TypeError(
    `files must be an object or a list of [name, file] pairs, not ${describe(input)}.` +
      (isFormData(input) ? ' Pass a FormData as data.' : ''),
  )
}

function checkPair(pair: unknown): readonly [string, unknown] {
  if (Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string') {
    return [pair[0], pair[1]]
  }
  throw new TypeError('A list of files must have [name, file] pairs only.')
}

/** A list that does not begin with a file name (or null) is a list of files. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && typeof value[0] !== 'string' && value[0] !== null
}

function filePart(name: string, file: unknown): Part {
  if (!Array.isArray(file)) return makePart(name, [undefined, file])
  const [filename] = file as unknown[]
  if (file.length < 2 || file.length > 4 || !(filename === null || typeof filename === 'string')) {
    throw new TypeError(
      `The file of ${JSON.stringify(name)} must be its content or ` +
        '[filename, content, type?, headers?].',
    )
  }
  // Just looked at; what follows is looked at by those who use it.
  return makePart(name, file as unknown as FileTuple)
}

type FileTuple = readonly [
  filename: string | null | undefined,
  content: unknown,
  type?: unknown,
  headers?: unknown,
]

function makePart(name: string, [filename, content, type, extra]: FileTuple): Part {
  if (filename === null && typeof content === 'string') return textPart(name, content, type, extra)
  const read = readContent(content)
  if (read === null || typeof content === 'function') {
    throw new TypeError(
      `The content of ${JSON.stringify(name)} must be ${CONTENT_KINDS}, not ${describe(content)}.`,
    )
  }
  const { type: headerType, headers } = extraHeaders(extra)
  const chosen = filename === undefined ? (read.name ?? name) : filename
  const known = headerType ?? read.type
  const { source } = read
  return { name, filename: chosen, type: partType(type, known, chosen), headers, source }
}

function textPart(name: string, text: string, type: unknown, extra: unknown): Part {
  const { type: headerType, headers } = extraHeaders(extra)
  const source = new TextSource(fieldText(text))
  return { name, filename: null, type: partType(type, headerType, null), headers, source }
}

function extraHeaders(extra: unknown): ReturnType<typeof readPartHeaders> {
  // Holds as far as it matters: whatever is no HeadersInput is refused entry by entry.
  return readPartHeaders(extra as HeadersInput | null | undefined)
}

/** What the caller says, or what the content knows, or a guess; `null` says none. */
function partType(given: unknown, known: string | null, filename: string | null): Part['type'] {
  if (given === null) return null
  const type = given === undefined ? known : given
  if (type !== null) return checkMediaType(type)
  return filename === null ? null : GUESS
}
