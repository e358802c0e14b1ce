/** What can be taken for bytes (layer 0): text, buffers, views, Base64. */
import { describe } from './bytes.ts'

const encoder = /* @__PURE__ */ new TextEncoder()

export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** A view on the same memory, whatever kind of buffer or view was given. */
export function viewBytes(input: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (input instanceof Uint8Array) return input
  if (ArrayBuffer.isView(input))
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
  return new Uint8Array(input)
}

/** One chunk of a stream or iterable as bytes; anything else is a mistake of the caller. */
export function chunkBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return encodeText(chunk)
  if (ArrayBuffer.isView(chunk)) return viewBytes(chunk)
  if (isArrayBuffer(chunk)) return new Uint8Array(chunk)
  throw new TypeError(`A body stream must give bytes or strings, not ${describe(chunk)}.`)
}

/** True for buffers of another realm too, which `instanceof` would refuse. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  const tag = Object.prototype.toString.call(value)
  return tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]'
}

/** Copied where they are a view of more: WebKitGTK 2.50 writes the whole buffer into a file. */
export function wholeBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.buffer.byteLength !== bytes.byteLength) return bytes.slice()
  // Bytes from a socket are never on shared memory, which the type allows.
  return bytes as Uint8Array<ArrayBuffer>
}

/** Base64 of the UTF-8 bytes of a text (RFC 4648 §4). */
export function encodeBase64(text: string): string {
  return bytesToBase64(encodeText(text))
}

export function bytesToBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export function base64ToBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
