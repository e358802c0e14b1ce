/** From readers to web streams (layer 2). */
import type { ByteReader } from './ports.ts'
import { unsupported } from './unsupported.ts'
import { webType } from './web.ts'

/** A `ByteReader`, and what is like one. */
interface Source<T> {
  read(): Promise<T | null>
  cancel(reason?: unknown): void
}

/** A pull stream without a queue: nothing is read before somebody reads. */
export function readableStream<T = Uint8Array<ArrayBuffer>>(
  source: Source<T | Uint8Array>,
  onPull: () => void = () => undefined,
): ReadableStream<T> {
  const Stream = webType('ReadableStream')
  if (Stream === undefined) {
    throw unsupported('A ReadableStream', 'this engine', 'Use iterContent() or bytes().')
  }
  return new Stream<T>(
    {
      async pull(controller): Promise<void> {
        onPull()
        const chunk = await source.read()
        if (chunk === null) controller.close()
        // Bytes from a socket are never on shared memory, which the type allows.
        else controller.enqueue(chunk as T)
      },
      cancel(reason): void {
        onPull()
        source.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
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
