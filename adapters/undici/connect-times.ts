/** How long the steps to a connection took, by the events of its socket. */
import type { WireTimings } from '../../src/ports.ts'
import type { Socket } from './shims.ts'

export interface ConnectionTimer {
  watch(socket: Socket): void
  /** The connection is there. */
  done(): WireTimings
}

/** Of a request on a connection that was open already. */
export const NO_TIME: WireTimings = { dns: 0, connect: 0, tls: 0 }

export function timeConnection(secure: boolean): ConnectionTimer {
  const started = performance.now()
  let looked = started
  let connected: number | null = null
  return {
    watch(socket): void {
      socket.on('lookup', () => {
        looked = performance.now()
      })
      socket.on('connect', () => {
        connected = performance.now()
      })
    },
    done(): WireTimings {
      const end = performance.now()
      const reached = connected ?? end
      return { dns: looked - started, connect: reached - looked, tls: secure ? end - reached : 0 }
    },
  }
}
