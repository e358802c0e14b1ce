/**
 * What a socket has read goes to a reader that waits for it, within the same event. The stream would
 * store it, plan an event and take it out again: a twentieth of what a small request costs.
 */

/** What is used here of a `net.Socket`. */
export interface ReadStream {
  readonly readableLength: number
  push(bytes: Uint8Array): boolean
  /** A property, so that it can be told from another. */
  read: (this: ReadStream, size?: number) => Uint8Array | null
  emit(event: 'readable'): boolean
  listenerCount(event: 'readable'): number
}

/** Whose turn it is, until its listeners have returned. */
let reader: ReadStream | null = null
/** Null once it has been taken. */
let piece: Uint8Array | null = null
/** That of all sockets. */
let readStored: ReadStream['read'] | null = null

/** @returns false where the socket should read no more for now, as `push` does. */
export function handOver(socket: ReadStream, bytes: Uint8Array): boolean {
  // What came before has to go before.
  if (socket.readableLength > 0 || socket.listenerCount('readable') === 0) return socket.push(bytes)
  if (socket.read !== readHanded) {
    readStored ??= socket.read
    socket.read = readHanded
  }
  const left = offer(socket, bytes)
  // A reader that is paused finds it in the stream, when it goes on.
  return left === null || socket.push(left)
}

/** @returns what nobody has taken */
function offer(socket: ReadStream, bytes: Uint8Array): Uint8Array | null {
  reader = socket
  piece = bytes
  try {
    socket.emit('readable')
    return piece
  } finally {
    reader = null
    piece = null
  }
}

function readHanded(this: ReadStream, size?: number): Uint8Array | null {
  if (reader !== this || size !== undefined || (piece === null && this.readableLength > 0)) {
    return readStored === null ? null : readStored.call(this, size)
  }
  const handed = piece
  piece = null
  return handed
}
