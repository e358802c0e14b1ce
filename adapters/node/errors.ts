/** The errors of Node's file system and network, in words of ours. */
import { RequestError } from '../../src/errors.ts'

export { translateError } from '../undici/errors.ts'

const FILE_CODES: Readonly<Record<string, readonly [code: string, words: string]>> = {
  ENOENT: ['FILE_NOT_FOUND', 'does not exist'],
  ENOTDIR: ['FILE_NOT_FOUND', 'does not exist'],
  EACCES: ['FILE_ACCESS', 'may not be accessed by this process'],
  EPERM: ['FILE_ACCESS', 'may not be accessed by this process'],
  EROFS: ['FILE_ACCESS', 'is on a read-only file system'],
  NotCapable: ['FILE_ACCESS', 'may not be accessed: Deno needs --allow-read or --allow-write'],
  EISDIR: ['FILE_IS_DIRECTORY', 'is a directory, where a file is needed'],
  EEXIST: ['FILE_EXISTS', 'exists already'],
  ENOSPC: ['DISK_FULL', 'cannot be written: the disk is full'],
  EDQUOT: ['DISK_FULL', 'cannot be written: the disk quota is used up'],
  EMFILE: ['TOO_MANY_FILES', 'cannot be opened: this process has too many files open'],
  ENFILE: ['TOO_MANY_FILES', 'cannot be opened: the system has too many files open'],
}

/** An error of the file system, with the path it is about. */
export function fileError(error: unknown, path: string): RequestError {
  if (error instanceof RequestError) return error
  for (const key of keysOf(error)) {
    const known = Object.hasOwn(FILE_CODES, key) ? FILE_CODES[key] : undefined
    if (known === undefined) continue
    const [code, words] = known
    return new RequestError(`The file ${JSON.stringify(path)} ${words}.`, { code, cause: error })
  }
  return new RequestError(`The file ${JSON.stringify(path)} cannot be used. The cause says why.`, {
    code: 'FILE_FAILED',
    cause: error,
  })
}

/** Deno names some errors and numbers others. */
function keysOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  const keys: unknown[] = [Reflect.get(error, 'code'), Reflect.get(error, 'name')]
  return keys.filter((key) => typeof key === 'string')
}
