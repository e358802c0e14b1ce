/** Errors of the File System API, in the words that paths have elsewhere. */
import { RequestError } from '../../src/errors.ts'

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
