/**
 * Layer 1: the one table of what an input becomes.
 *
 *   input                                    body                            Content-Type
 *   json (null is the document `null`)       JSON.stringify                  application/json
 *   files, with data as fields before them   multipart                       multipart/form-data
 *   data: FormData                           multipart                       multipart/form-data
 *   data: object or pairs, URLSearchParams   name=value&…                    application/x-www-form-urlencoded
 *   data: empty object or list               none, as in `requests`
 *   data: Blob, File, file()                 its bytes                       its type, if it has one
 *   data: string, bytes, list of these       the bytes                       none, as in `requests`
 *   data: stream, iterable, Node stream      sent once, length unknown       none
 *   data: function                           what it returns, per attempt    that of what it returns
 *   data: null, nothing                      none
 */
import { describe } from '../bytes.ts'
import type { BodySource } from '../ports.ts'
import type { DataInput, FilesInput } from '../types.ts'
import { randomBoundary } from './boundary.ts'
import { CONTENT_KINDS, readContent } from './content.ts'
import { factorySource } from './factory.ts'
import { encodeForm, FORM_TYPE, formFields } from './form.ts'
import { Multipart } from './multipart.ts'
import { addFields, addFiles, addFormData, fileEntries, isFormData } from './parts.ts'
import { TextSource } from './source.ts'

export interface BodyInput {
  readonly data?: DataInput | undefined
  readonly json?: unknown
  readonly files?: FilesInput | null | undefined
}

export interface EncodedBody {
  readonly source: BodySource | null
  /** For a request that has no Content-Type of its own. */
  readonly contentType: string | null
}

/** @param boundary makes the boundary of a multipart body, which all its attempts share. */
export function encodeBody(input: BodyInput, boundary: () => string = randomBoundary): EncodedBody {
  const { data = null, json } = input
  const files = fileEntries(input.files)
  if (json !== undefined) {
    if (data === null && files === null) return encodeJson(json)
    throw new TypeError(
      'json is a body of its own: together with data or files it would get lost. ' +
        "Send it as a part: files: {name: [null, JSON.stringify(value), 'application/json']}.",
    )
  }
  if (files !== null) {
    return encodeMultipart(boundary, (body) => {
      if (data !== null) addFields(body, data)
      addFiles(body, files)
    })
  }
  return data === null ? NO_BODY : encodeData(data, boundary)
}

const NO_BODY: EncodedBody = { source: null, contentType: null }

function encodeJson(json: unknown): EncodedBody {
  const text = stringify(json)
  if (text === undefined) throw new TypeError(`json must be a JSON value, not ${describe(json)}.`)
  return { source: new TextSource(text), contentType: 'application/json' }
}

function stringify(json: unknown): string | undefined {
  try {
    // Functions and symbols give undefined, which its declared type leaves out.
    return JSON.stringify(json)
  } catch (cause) {
    // Cycles and BigInts; what a `toJSON` throws is the caller's own.
    if (!(cause instanceof TypeError)) throw cause
    throw new TypeError(`json cannot be written as JSON: ${cause.message}`, { cause })
  }
}

function encodeData(data: unknown, boundary: () => string): EncodedBody {
  const encoded = readData(data, boundary)
  if (encoded !== null) return encoded
  throw new TypeError(
    `data must be ${DATA_KINDS} or a function that returns a body, not ${describe(data)}.`,
  )
}

const DATA_KINDS = `${CONTENT_KINDS}, the fields of a form, a FormData`

/** Null for what is no body. */
function readData(data: unknown, boundary: () => string): EncodedBody | null {
  if (typeof data === 'function') {
    const read = (made: unknown): EncodedBody | null => readData(made, boundary)
    return { source: factorySource(data, read, DATA_KINDS), contentType: null }
  }
  if (typeof data === 'object' && data !== null && isFormData(data)) {
    return encodeMultipart(boundary, (body) => {
      addFormData(body, data)
    })
  }
  // A list of pairs is a form, and so is an object that has no other shape.
  const pairs = Array.isArray(data) ? encodeFields(data) : null
  if (pairs !== null) return pairs
  const content = readContent(data)
  if (content !== null) return { source: content.source, contentType: content.type }
  return typeof data === 'object' && data !== null ? encodeFields(data) : null
}

/** Null when the input has no fields of a form. */
function encodeFields(data: object): EncodedBody | null {
  const fields = formFields(data)
  if (fields === null) return null
  if (Object.keys(data).length === 0) return NO_BODY
  return { source: new TextSource(encodeForm(fields)), contentType: FORM_TYPE }
}

function encodeMultipart(makeBoundary: () => string, fill: (body: Multipart) => void): EncodedBody {
  const boundary = makeBoundary()
  const body = new Multipart(boundary)
  fill(body)
  return {
    source: body.source(),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}
