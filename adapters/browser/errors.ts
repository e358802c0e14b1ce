/** Errors of browsers, which hide on purpose why a request failed. */
import { RequestError } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import type { Phase } from '../fetch/dialect.ts'
import { translateOpaque } from '../fetch/errors.ts'
import { wasStreamed } from './request-streams.ts'

const HIDDEN =
  'Browsers hide the reason: CORS, DNS, a refused connection or TLS; the console may tell.'

/** Chromium refuses a stream over HTTP/1.1 in the same words as everything else. */
const STREAMED =
  'The body was a stream, which needs HTTP/2: send a Blob or bytes to an older server.'

export function translateBrowserError(error: unknown, request: WireRequest, phase: Phase): Error {
  if (error instanceof RequestError) return error
  const hint = wasStreamed(request) ? `${HIDDEN} ${STREAMED}` : HIDDEN
  return translateOpaque(error, request, phase, hint)
}

/** By the name of the DOMException, which is all that engines agree on. */
const STORAGE_CODES: Readonly<Record<string, readonly [code: string, words: string]>> = {
  QuotaExceededError: ['DISK_FULL', 'cannot be written: the storage of this origin is used up'],
  NotAllowedError: ['FILE_ACCESS', 'may not be accessed by this page'],
  NoModificationAllowedError: ['FILE_ACCESS', 'is in use, or may not be changed'],
  SecurityError: ['FILE_ACCESS', 'may not be accessed by this page'],
  NotFoundError: ['FILE_NOT_FOUND', 'does not exist'],
  TypeMismatchError: ['FILE_IS_DIRECTORY', 'is a directory, where a file is needed'],
}

/** An error of the File System API, in the words that paths have elsewhere. */
export function storageError(error: unknown, name: string): RequestError {
  if (error instanceof RequestError) return error
  const kind = error instanceof Error ? error.name : ''
  const known = Object.hasOwn(STORAGE_CODES, kind) ? STORAGE_CODES[kind] : undefined
  const [code, words] = known ?? ['FILE_FAILED', 'cannot be used. The cause says why']
  return new RequestError(`The file ${JSON.stringify(name)} ${words}.`, { code, cause: error })
}
