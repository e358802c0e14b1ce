/** Layer 1: whether a caller's own Content-Type can stand before a body that we divide. */
import { InvalidHeaderError } from '../errors.ts'

/**
 * The boundary is ours and random, so a type of the caller's cannot name it, and a request whose
 * type names none or another is one that no server can read.
 * @param own the caller's Content-Type, @param made that of the encoded body.
 * @throws InvalidHeaderError
 */
export function checkMultipartType(own: string, made: string): void {
  if (!made.startsWith('multipart/') || !/^[\t ]*multipart\//i.test(own)) return
  throw new InvalidHeaderError(
    `The Content-Type ${JSON.stringify(own)} cannot name the boundary of the body, which is made ` +
      'when the body is encoded. Leave the header out: it is set together with its boundary.',
  )
}
