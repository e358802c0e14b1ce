/** Uploads that never end by themselves, and how far a server that reads nothing lets them come. */
import { rejects } from '../harness/assert.ts'
import type { Context } from '../harness/case.ts'
import { newTag } from '../harness/recorder.ts'

export const CHUNK = 64 * 1024
export const MIB = 1024 * 1024
/** What a runtime and the kernel beneath it hold of a source while the peer does not read: 4.1 to
 *  4.5 MiB on all of them. */
export const IN_FLIGHT = 8 * MIB

/** Uploads to a server that reads nothing, until nothing moves any more. */
export async function stall(
  { session, control, servers, capabilities }: Context,
  server: string,
  headers: Record<string, string>,
): Promise<{ pulled: number; arrived: number }> {
  const tag = newTag()
  const source = endless()
  const controller = new AbortController()
  const trust = capabilities.customCA ? { verify: servers.ca } : {}
  const own = session({ http2: true, ...trust })
  const sending = own.post(`${server}/never-read?tag=${tag}`, {
    data: source.data(),
    headers,
    signal: controller.signal,
  })
  const ended = rejects(sending, Error)
  // The journal's own events, whose shape the server's tests hold.
  const { events } = (await control(`/wait?tag=${tag}&event=stalled`)) as { events: Stalled[] }
  const pulled = source.pulled()
  controller.abort(new Error('seen enough'))
  await ended
  await source.closed
  return { pulled, arrived: events[0]?.bytes ?? 0 }
}

interface Stalled {
  readonly bytes: number
}
export interface Endless {
  data(): AsyncGenerator<Uint8Array>
  pulled(): number
  /** Resolves when the generator's `finally` has run. */
  readonly closed: Promise<void>
}

/** 64 MiB unless told otherwise, in small steps that let the answer in between. */
export function endless(bytes: number = 64 * MIB): Endless {
  let pulled = 0
  let close = (): void => undefined
  const closed = new Promise<void>((resolve) => (close = resolve))
  const data = async function* (): AsyncGenerator<Uint8Array> {
    try {
      while (pulled < bytes) {
        pulled += CHUNK
        yield await Promise.resolve(new Uint8Array(CHUNK))
      }
    } finally {
      close()
    }
  }
  return { data, pulled: () => pulled, closed }
}
