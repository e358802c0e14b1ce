/**
 * The hashes of Digest authentication (RFC 7616 §3.3): MD5 and SHA-512/256 are not in WebCrypto,
 * which has nothing incremental either. Loaded when a challenge names them.
 */
import { UnrewindableBodyError } from '../errors.ts'
import type { BodyPiece, BodySource } from '../ports.ts'

export interface DigestHash {
  /** Lower-case hexadecimal digest of a text that has one character for each octet. */
  text(text: string): string
  /** The same of a body, which must be replayable. */
  body(body: BodySource | null): Promise<string>
}

/** `name` is in lower case, without `-sess`. Null when there is no such hash here. */
export async function loadHash(name: string): Promise<DigestHash | null> {
  const create = await findHash(name)
  return create === null
    ? null
    : { text: (text) => hexText(create, text), body: (body) => hashBody(create, body) }
}

export function isHash(name: string): boolean {
  return HASHES.includes(name)
}

const HASHES: readonly string[] = ['md5', 'sha-256', 'sha-512-256']
const PIECE_BYTES = 1_048_576

interface Incremental {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

async function findHash(name: string): Promise<(() => Incremental) | null> {
  if (name === 'md5') {
    const { md5 } = await import('@noble/hashes/legacy.js')
    return () => md5.create()
  }
  if (!isHash(name)) return null
  const { sha256, sha512_256 } = await import('@noble/hashes/sha2.js')
  return name === 'sha-256' ? () => sha256.create() : () => sha512_256.create()
}

function hexText(create: () => Incremental, text: string): string {
  const hash = create()
  hash.update(Uint8Array.from(text, (character) => character.charCodeAt(0)))
  return hex(hash.digest())
}

async function hashBody(create: () => Incremental, body: BodySource | null): Promise<string> {
  const hash = create()
  if (body === null) return hex(hash.digest())
  if (!body.replayable) {
    throw new UnrewindableBodyError(
      'The server asks for a digest over the body (qop=auth-int), which has to be read twice for ' +
        'that, but a stream can be read once. Pass a function that returns the stream, or bytes.',
    )
  }
  const open = await body.open()
  try {
    for (const piece of open.pieces) {
      for await (const bytes of pieceBytes(piece)) hash.update(bytes)
    }
  } finally {
    await open.close()
  }
  return hex(hash.digest())
}

async function* pieceBytes(piece: BodyPiece): AsyncGenerator<Uint8Array, void> {
  if (piece.kind === 'bytes') yield piece.bytes
  else if (piece.kind === 'blob') {
    for (let at = 0; at < piece.blob.size; at += PIECE_BYTES) {
      yield new Uint8Array(await piece.blob.slice(at, at + PIECE_BYTES).arrayBuffer())
    }
  } else {
    const chunks = piece.kind === 'file' ? piece.file.read(piece.start, piece.end) : piece.chunks
    yield* { [Symbol.asyncIterator]: () => chunks }
  }
}

function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
