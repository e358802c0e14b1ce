/** The job in a page: files chosen in a form, the download kept in the origin's private file system. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import * as requests from 'ubiquest'
import { runJob } from './job.ts'
import type { Kept } from './job.ts'
import type { Manifest, Message } from './protocol.ts'

/** Posted one after another, so that they arrive in order. */
let posted = Promise.resolve()

function report(message: Message): void {
  posted = posted.then(async () => {
    await fetch('/report', { method: 'POST', body: JSON.stringify(message) })
  })
  const line = document.createElement('p')
  line.textContent = message.kind === 'progress' ? '' : JSON.stringify(message)
  if (line.textContent !== '') document.body.append(line)
}

const input = document.querySelector('input')
input?.addEventListener('change', () => {
  start(input.files ?? []).catch((error: unknown) => {
    report({ kind: 'fault', error: String(error instanceof Error ? error.stack : error) })
  })
})

async function start(files: Iterable<File>): Promise<void> {
  const settings = await fetch('/manifest')
  // Written by the launcher, which shares the type.
  const manifest = (await settings.json()) as Manifest
  const chosen = [...files]
  await runJob({
    requests,
    manifest,
    report,
    // In the manifest's order, whatever order the form has them in.
    openFiles: () =>
      Promise.resolve(
        manifest.files.map(({ name }) => chosen.find((file) => file.name === name) ?? 'not chosen'),
      ),
    keep,
  })
}

async function keep(response: requests.Response): Promise<Kept> {
  const folder = await privateFolder()
  if (folder === null) {
    const digest = await hashAll(response)
    const note = 'hashed, not kept: no private file system'
    return { note, hash: () => Promise.resolve(digest) }
  }
  const handle = await folder.getFileHandle('download.bin', { create: true })
  await response.save(handle)
  return {
    note: 'saved to the origin private file system',
    hash: async () => {
      const digest = await hashAll(chunksOf(await handle.getFile()))
      await folder.removeEntry('download.bin')
      return digest
    },
  }
}

async function hashAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = sha256.create()
  for await (const chunk of chunks) hash.update(chunk)
  return bytesToHex(hash.digest())
}

/** Not every engine iterates a stream by itself. */
async function* chunksOf(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
}

/** Null in engines without one, or with one that cannot be written from a page. */
async function privateFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    if (!('createWritable' in FileSystemFileHandle.prototype)) return null
    return await navigator.storage.getDirectory()
  } catch {
    return null
  }
}
