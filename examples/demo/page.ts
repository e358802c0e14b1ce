/** The job in a page: files chosen in a form, the download kept in the origin's private file system. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import * as requests from 'ubiquest'
import { runJob } from './job.ts'
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

async function keep(response: requests.Response): Promise<{ sha256: string; note: string }> {
  const hash = sha256.create()
  const folder = await privateFolder()
  if (folder === null) {
    for await (const chunk of response.iterContent()) hash.update(chunk)
    return { sha256: bytesToHex(hash.digest()), note: 'hashed, not kept: no private file system' }
  }
  const handle = await folder.getFileHandle('download.bin', { create: true })
  await response.save(handle)
  const reader = (await handle.getFile()).stream().getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read())
    hash.update(next.value)
  await folder.removeEntry('download.bin')
  return { sha256: bytesToHex(hash.digest()), note: 'saved to the origin private file system' }
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
