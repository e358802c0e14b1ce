/** Between readers and web streams (layer 2): a stream over a reader, a body over a stream. */
import { collectReader } from './decode/limit.ts'
import type { ByteReader, WireBody } from './ports.ts'
import { unsupported } from './unsupported.ts'
import { webType } from './web.ts'

/** A pull stream without a queue: nothing is read before somebody reads. */
export function readableStream(
  source: ByteReader,
  onPull: () => void = () => undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const Stream = webType('ReadableStream')
  if (Stream === undefined) {
    throw unsupported('A ReadableStream', 'this engine', 'Use iterContent() or bytes().')
  }
  return new Stream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller): Promise<void> {
        onPull()
        const chunk = await source.read()
        if (chunk === null) controller.close()
        // Bytes from a socket are never on shared memory, which the type allows.
        else controller.enqueue(chunk as Uint8Array<ArrayBuffer>)
      },
      cancel(reason): void {
        onPull()
        source.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

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

export function bytesReader(bytes: Uint8Array): ByteReader {
  let left: Uint8Array | null = bytes.length === 0 ? null : bytes
  return {
    read(): Promise<Uint8Array | null> {
      const chunk = left
      left = null
      return Promise.resolve(chunk)
    },
    cancel(): void {
      left = null
    },
  }
}

/** What `body` is once everything has been read by another way: locked, and of no use. */
export function spentStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stream = readableStream(bytesReader(new Uint8Array(0)))
  stream.getReader()
  return stream
}
