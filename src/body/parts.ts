/** Layer 1: the parts of a multipart body, from `files`, from the fields beside them, or from a
 *  FormData. */
import { describe } from '../bytes.ts'
import type { HeadersInput } from '../types.ts'
import { CONTENT_KINDS, hasTag, isBlob, isSearchParams, readContent } from './content.ts'
import { formFields, isPlainObject } from './form.ts'
import type { Multipart } from './multipart.ts'
import { checkMediaType, crlf, GUESS, readPartHeaders } from './part.ts'
import type { Part } from './part.ts'
import { blobSource } from './source.ts'

/**
 * The entries of `files`, an object or pairs. Null for no files: an empty list makes no multipart
 * body, as in `requests`.
 */
export function fileEntries(files: unknown): readonly unknown[] | null {
  if (files === undefined || files === null) return null
  const entries = entriesOf(files)
  return entries.every(isEmpty) ? null : entries
}

/** The value of a name is a file or a list of files. */
export function addFiles(body: Multipart, entries: readonly unknown[]): void {
  for (const entry of entries) {
    if (!isNamed(entry)) throw new TypeError('A list of files must have [name, file] pairs only.')
    const { 0: name, 1: value } = entry
    if (!isList(value)) addFile(body, name, value)
    else for (const file of value) addFile(body, name, file)
  }
}

/** `data` beside `files`: plain fields, in front of the files as in `requests`. */
export function addFields(body: Multipart, data: unknown): void {
  if (typeof data === 'object' && data !== null) {
    if (isFormData(data)) {
      addFormData(body, data)
      return
    }
    const fields = isSearchParams(data) ? [...data] : formFields(data)
    if (fields !== null) {
      for (const field of fields) body.field(field[0], field[1])
      return
    }
  }
  throw new TypeError(
    `data beside files must be the fields of a form (an object or pairs), not ${describe(data)}.`,
  )
}

/** Entries of a FormData, as a browser would send them. */
export function addFormData(body: Multipart, form: FormData): void {
  for (const [name, value] of form as unknown as Iterable<[string, unknown]>) {
    // The types of the DOM leave out that a FormData may be another realm's or a polyfill's.
    if (typeof value === 'object' && value !== null && isBlob(value)) {
      // Bun's entry is a Blob whose name is undefined.
      const filename = 'name' in value && typeof value.name === 'string' ? value.name : 'blob'
      const type = value.type === '' ? OCTETS : checkMediaType(value.type)
      body.part({ name, filename, type, headers: [], source: blobSource(value) })
    } else body.field(name, String(value))
  }
}

/** The `form-data` package of Node wears the brand too, but cannot be iterated. */
export function isFormData(input: object): input is FormData {
  return hasTag(input, 'FormData') && Symbol.iterator in input
}

const OCTETS = 'application/octet-stream'

function entriesOf(files: unknown): readonly unknown[] {
  const isObject = typeof files === 'object' && files !== null
  if (Array.isArray(files)) return files
  if (isObject && isPlainObject(files)) return Object.entries(files)
  throw new TypeError(
    `files must be an object or a list of [name, file] pairs, not ${describe(files)}.` +
      (isObject && isFormData(files) ? ' Pass a FormData as data.' : ''),
  )
}

/** A name with an empty list of files. */
function isEmpty(entry: unknown): boolean {
  return isNamed(entry) && Array.isArray(entry[1]) && entry[1].length === 0
}

function isNamed(entry: unknown): entry is readonly [string, unknown] {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string'
}

/** A list that does not begin with a file name (or null) is a list of files. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && typeof value[0] !== 'string' && value[0] !== null
}

function addFile(body: Multipart, name: string, file: unknown): void {
  if (!Array.isArray(file)) {
    addPart(body, name, [undefined, file])
    return
  }
  const { length, 0: filename, 1: content } = file as readonly unknown[]
  if (length === 2 && filename === null && typeof content === 'string') {
    body.field(name, content)
    return
  }
  if (length < 2 || length > 4 || !(filename === null || typeof filename === 'string')) {
    throw new TypeError(
      `The file of ${JSON.stringify(name)} must be its content or ` +
        '[filename, content, type?, headers?].',
    )
  }
  // Just looked at; what follows is looked at by those who use it.
  addPart(body, name, file as unknown as FileTuple)
}

type FileTuple = readonly [
  filename: string | null | undefined,
  content: unknown,
  type?: unknown,
  headers?: unknown,
]

function addPart(body: Multipart, name: string, [given, content, type, extra]: FileTuple): void {
  const read = readContent(given === null && typeof content === 'string' ? crlf(content) : content)
  if (read === null || typeof content === 'function') {
    throw new TypeError(
      `The content of ${JSON.stringify(name)} must be ${CONTENT_KINDS}, not ${describe(content)}.`,
    )
  }
  const { type: headerType, headers } = extraHeaders(extra)
  const filename = given === undefined ? (read.name ?? name) : given
  const known = partType(type, headerType ?? read.type, filename)
  body.part({ name, filename, type: known, headers, source: read.source })
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
