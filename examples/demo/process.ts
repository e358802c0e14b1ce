/** The job on Node, Deno and Bun: files by path, messages on standard output. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import * as requests from 'ubiquest'
import { runJob } from './job.ts'
import type { Manifest, Message } from './protocol.ts'

const path = process.argv.at(-1) ?? ''
// Written by the launcher, which shares the type.
const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest

function report(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

try {
  await runJob({
    requests,
    manifest,
    report,
    openFiles: () => Promise.resolve(manifest.files.map((file) => requests.file(file.path))),
    keep: async (response) => {
      const saved = await response.save(manifest.target)
      return { note: 'saved to a path', hash: () => hashFile(saved) }
    },
  })
} catch (error) {
  report({
    kind: 'fault',
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  process.exitCode = 1
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    // Without an encoding set, a file stream gives buffers.
    hash.update(chunk as Uint8Array)
  }
  return hash.digest('hex')
}
