/** From readers to web streams (layer 2). */
import type { ByteReader } from './ports.ts'
import { unsupported } from './unsupported.ts'
import { webType } from './web.ts'

/** A `ByteReader`, and what is like one. */
interface Source<T> {
  read(): Promise<T | null>
  cancel(reason?: unknown): void
}

/** A pull stream without a queue: nothing is read before somebody reads. Bytes from a socket are
 *  never on shared memory, which the type of a reader allows. */
export function readableStream(
  source: ByteReader,
  onPull?: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>>
export function readableStream<T>(source: Source<T>): ReadableStream<T>
export function readableStream(
  source: Source<unknown>,
  onPull: () => void = () => undefined,
): ReadableStream<unknown> {
  const Stream = webType('ReadableStream')
  if (Stream === undefined) {
    throw unsupported('A ReadableStream', 'this engine', 'Use iterContent() or bytes().')
  }
  return new Stream<unknown>(
    {
      async pull(controller): Promise<void> {
        onPull()
        const chunk = await source.read()
        if (chunk === null) controller.close()
        else controller.enqueue(chunk)
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
