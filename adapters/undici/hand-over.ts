/**
 * What a socket reads goes to a reader that waits for it, within the same event. Left to itself the
 * stream would store it, plan an event and take it out again: a twentieth of what a small request costs.
 */

/** What is used here of a socket of `node:net` or `node:tls`: as properties, which are replaced. */
interface ReadStream {
  readonly readableLength: number
  push: (bytes: Uint8Array | null, encoding?: string) => boolean
  read: (size?: number) => Uint8Array | null
  emit(event: 'readable'): boolean
  listenerCount(event: 'readable'): number
}

/** From now on. Whoever reads by events other than `readable` notices nothing. */
export function handOver(socket: object): void {
  if (!isReadStream(socket)) return
  const store = socket.push
  const readStored = socket.read
  let isOffered = false
  /** Null once it has been taken. */
  let piece: Uint8Array | null = null

  /** @returns what nobody has taken */
  const offer = (bytes: Uint8Array): Uint8Array | null => {
    isOffered = true
    piece = bytes
    try {
      socket.emit('readable')
      return piece
    } finally {
      isOffered = false
      piece = null
    }
  }

  socket.push = (bytes, encoding) => {
    // What came before goes before.
    if (bytes === null || socket.readableLength > 0 || socket.listenerCount('readable') === 0) {
      return store.call(socket, bytes, encoding)
    }
    const left = offer(bytes)
    // A reader that is paused finds it in the stream, when it goes on.
    return left === null || store.call(socket, left)
  }
  socket.read = (size) => {
    if (!isOffered || size !== undefined || (piece === null && socket.readableLength > 0)) {
      return readStored.call(socket, size)
    }
    const taken = piece
    piece = null
    return taken
  }
}

function isReadStream(socket: object): socket is ReadStream {
  return 'push' in socket && 'read' in socket && 'readableLength' in socket
}
