/** Bytes of a socket, taken by number, before the socket is handed on with what follows untouched. */
import type { Socket } from './shims.ts'

/** The other side closed, or said more than was asked. */
class Unexpected extends Error {
  readonly code = 'UND_ERR_SOCKET'
}

export class ByteQueue {
  readonly #socket: Socket
  #waiting: {
    length: number
    resolve(bytes: Uint8Array): void
    reject(error: Error): void
  } | null = null
  #failure: Error | null = null

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('readable', this.#pump)
    socket.on('error', this.#fail)
    socket.on('close', this.#close)
  }

  /** Exactly so many bytes; what comes after them stays in the socket. */
  take(length: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiting = { length, resolve, reject }
      if (this.#failure === null) this.#pump()
      else this.#fail(this.#failure)
    })
  }

  /** The socket is somebody else's from here on. */
  end(): void {
    this.#socket.off('readable', this.#pump)
    this.#socket.off('error', this.#fail)
    this.#socket.off('close', this.#close)
  }

  readonly #pump = (): void => {
    const waiting = this.#waiting
    if (waiting === null) return
    const bytes = this.#socket.read(waiting.length)
    // At its end a stream gives what is left, though that is less than was asked for.
    if (bytes === null || bytes.length < waiting.length) return
    this.#waiting = null
    waiting.resolve(bytes)
  }

  readonly #fail = (error: Error): void => {
    this.#failure ??= error
    this.#waiting?.reject(this.#failure)
    this.#waiting = null
  }

  readonly #close = (): void => {
    this.#fail(new Unexpected('The proxy closed the connection.'))
  }
}
