/**
 * What sockets read into: memory that is used again once a body has been written or copied. Fresh
 * memory comes page by page from the system and waits for the garbage collector, which costs a large
 * body more than its reading does.
 */
import { buffers } from './buffer.ts'

/** A socket that fills what it was given gets the next larger: a fast one has little to do then. */
const SIZES: readonly number[] = [8_192, 65_536, 262_144, 1_048_576]
const SMALLEST = 8_192
/** A body that nobody reads never fills as many, and the window of its connection stays as small. */
const OFTEN = 16
/** Of each size; what comes back to find so many is left to the garbage collector. */
const MOST_FREE = 4

/** An option of `net.connect`: reads go into what `buffer` gives, null for the same as before. */
export interface OnRead {
  readonly buffer: () => Uint8Array | null
  readonly callback: (this: ReadStream, length: number, buffer: Uint8Array) => boolean
}
interface ReadStream {
  push(bytes: Uint8Array): boolean
}

export const onRead: OnRead = { buffer: nextBuffer, callback: takeRead }

/** How often a socket has filled what it has, since it had something smaller. */
const filled: WeakMap<ReadStream, number> = /* @__PURE__ */ new WeakMap()
const free: Map<number, Uint8Array[]> = /* @__PURE__ */ new Map()
/** Memory full of bytes that a reader has now. */
const lent: WeakSet<ArrayBufferLike> = /* @__PURE__ */ new WeakSet()
/** For the socket that has just read; undefined: it is a new one that asks. */
let next: Uint8Array | null | undefined = undefined

/** Asked when a socket is made and after each of its reads. */
function nextBuffer(): Uint8Array | null {
  const given = next
  next = undefined
  return given === undefined ? allocate(SMALLEST) : given
}

function takeRead(this: ReadStream, length: number, buffer: Uint8Array): boolean {
  const { length: size } = buffer
  // What is not full is copied: a reader that keeps a few bytes shall not keep all this memory.
  const lends = length === size
  const wanted = lends ? sizeAfterFull(this, size) : sizeAfter(length, size)
  if (lends) lent.add(buffer.buffer)
  const more = this.push(lends ? buffer : copyOf(buffer.subarray(0, length)))
  if (!lends && wanted !== size) keep(buffer)
  next = !lends && wanted === size ? null : (free.get(wanted)?.pop() ?? allocate(wanted))
  return more
}

/** More room for a socket that keeps filling what it has. */
function sizeAfterFull(socket: ReadStream, size: number): number {
  const times = (filled.get(socket) ?? 0) + 1
  if (size > SMALLEST && times < OFTEN) {
    filled.set(socket, times)
    return size
  }
  filled.delete(socket)
  return SIZES.find((each) => each > size) ?? size
}

/** Less for one that does not: a stream that waits shall hold little, and leave the rest to others. */
function sizeAfter(length: number, size: number): number {
  return length > size / 4 ? size : (SIZES[SIZES.indexOf(size) - 1] ?? size)
}

function copyOf(bytes: Uint8Array): Uint8Array {
  const own = buffers().allocUnsafe(bytes.length)
  own.set(bytes)
  return own
}

function allocate(bytes: number): Uint8Array {
  // Not cleared, and not of the memory that small buffers share.
  return buffers().allocUnsafeSlow(bytes)
}

/** Nobody needs these bytes any more. False where their memory is not of a socket, or has others, too. */
export function giveBack({ buffer, length }: Uint8Array): boolean {
  if (length !== buffer.byteLength || !lent.delete(buffer)) return false
  keep(buffers().from(buffer))
  return true
}

function keep(buffer: Uint8Array): void {
  const { length } = buffer
  // A reader may have transferred it elsewhere.
  if (length === 0) return
  const others = free.get(length)
  if (others === undefined) free.set(length, [buffer])
  else if (others.length < MOST_FREE) others.push(buffer)
}
