/** Stands for a socket that is still to come, so that a connection can be given up at any moment. */
import type { Socket, SocketEvent } from './shims.ts'

export class LaterSocket implements Socket {
  #socket: Socket | null = null
  #givenUp: { readonly error: Error | undefined } | null = null
  readonly #listeners: (readonly [event: SocketEvent, listener: (error: Error) => void])[] = []

  get destroyed(): boolean {
    return this.#givenUp !== null
  }

  /** The socket, or the next one where there are several in turn. */
  readonly hold = (socket: Socket): void => {
    this.#socket = socket
    if (this.#givenUp !== null) socket.destroy(this.#givenUp.error)
    for (const [event, listener] of this.#listeners) socket.on(event, listener)
  }

  destroy(error?: Error): void {
    this.#givenUp ??= { error }
    this.#socket?.destroy(error)
  }

  on(event: SocketEvent, listener: (error: Error) => void): void {
    this.#listeners.push([event, listener])
  }

  off(): void {
    // Listeners go with the socket they wait for.
  }

  write(): boolean {
    return false
  }

  read(): null {
    return null
  }
}
