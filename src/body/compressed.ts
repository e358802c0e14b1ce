/** Layer 1: a body that is compressed on its way out. The compression itself is loaded with the
 *  first body that wants it. */
import type { BodySource, OpenBody } from '../ports.ts'

/** Compressed anew for each attempt. */
export function compressedSource(source: BodySource): BodySource {
  return {
    replayable: source.replayable,
    async open(): Promise<OpenBody> {
      const { openGzip } = await import('./gzip.ts')
      const body = await source.open()
      try {
        return await openGzip(body)
      } catch (error) {
        await body.close(error)
        throw error
      }
    },
  }
}
