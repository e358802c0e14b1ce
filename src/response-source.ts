/** From web streams to bodies (layer 2). */
import { collectReader } from './decode/limit.ts'
import type { WireBody } from './ports.ts'
import { bytesReader, readableStream } from './response-stream.ts'

/** A body over any web stream: of a mock, of a branch of a tee, of a native response. */
export function streamBody(stream: ReadableStream<Uint8Array>): WireBody {
  const reader = stream.getReader()
  const body: WireBody = {
    async read(): Promise<Uint8Array | null> {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return null
        if (value.length > 0) return value
      }
    },
    collect: (limit) => collectReader(body, limit),
    cancel(reason): void {
      // A failed cancel means that the source is gone, which is what was wanted.
      reader.cancel(reason).catch(() => undefined)
    },
  }
  return body
}

/** What `body` is once everything has been read by another way: locked, and of no use. */
export function spentStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stream = readableStream(bytesReader(new Uint8Array(0)))
  stream.getReader()
  return stream
}
