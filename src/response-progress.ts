/** Counts the bytes of a body as they are read (layer 2), in the same pull that reads them. */
import { collectReader, giveUp } from './decode/limit.ts'
import type { WireBody } from './ports.ts'

export function countedBody(
  body: WireBody,
  meter: (transferred: number, done?: boolean) => void,
): WireBody {
  let transferred = 0
  const read = async (): Promise<Uint8Array | null> => {
    const chunk = await body.read()
    transferred += chunk?.length ?? 0
    try {
      meter(transferred, chunk === null)
    } catch (error) {
      throw giveUp(body, error)
    }
    return chunk
  }
  return {
    read,
    async collect(limit): Promise<Uint8Array> {
      return collectReader({ read, cancel: (reason) => body.cancel(reason) }, limit)
    },
    cancel: (reason) => body.cancel(reason),
  }
}
