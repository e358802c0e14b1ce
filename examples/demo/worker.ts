/** The job in a Worker: no disk, so files are generated as they are sent; messages are the body. */
import * as requests from 'ubiquest'
import { patternChunks } from '../../test/harness/pattern.ts'
import { runJob } from './job.ts'
import type { DemoFile, Manifest, Message } from './protocol.ts'

/** workerd's own: a stream that hashes what is written to it. */
interface DigestStream extends WritableStream<Uint8Array<ArrayBuffer>> {
  readonly digest: Promise<ArrayBuffer>
}
declare const crypto: { readonly DigestStream: new (algorithm: string) => DigestStream }

export default {
  async fetch(request: Request): Promise<Response> {
    // Written by the launcher, which shares the type.
    const manifest = (await request.json()) as Manifest
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const report = (message: Message): void => {
      // The launcher going away is the end of the job, which nobody waits for any more.
      writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`)).catch(() => undefined)
    }
    void runHere(manifest, report)
      .catch((error: unknown) => {
        report({ kind: 'fault', error: String(error instanceof Error ? error.stack : error) })
      })
      .finally(() => writer.close())
    return new Response(readable)
  },
}

async function runHere(manifest: Manifest, report: (message: Message) => void): Promise<void> {
  await runJob({
    requests,
    manifest,
    report,
    openFiles: () =>
      Promise.resolve(
        manifest.files.map((file): requests.FileInput => [
          file.name,
          generated(file),
          'application/octet-stream',
        ]),
      ),
    keep: async (response) => {
      const hash = new crypto.DigestStream('SHA-256')
      await response.save(hash)
      const digest = hex(await hash.digest)
      return { note: 'hashed, not kept: no disk', hash: () => Promise.resolve(digest) }
    },
  })
}

/** A body whose length is known without reading it. */
function generated({ seed, size }: DemoFile): requests.BodySource {
  return {
    replayable: true,
    open: () => ({
      length: size,
      pieces: [{ kind: 'stream', length: size, chunks: chunksOf(seed, size) }],
      close: () => undefined,
    }),
  }
}

async function* chunksOf(seed: number, size: number): AsyncGenerator<Uint8Array, void> {
  for (const chunk of patternChunks(seed, 0, size, 262_144)) yield await Promise.resolve(chunk)
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
