/** A real directory to upload and a file to download, made in a temporary folder. */
import { createHash } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { patternChunks } from '../../test/harness/pattern.ts'
import type { Content, DemoFile } from './protocol.ts'

export interface DemoFiles {
  readonly files: readonly DemoFile[]
  readonly download: Content & { readonly path: string }
  readonly chunked: Content
}

const MIB = 1_048_576
const CHUNKED_MIB = 32
const NAMES = ['photo', 'invoice', 'größe', 'video', 'notes', 'backup']
const ENDINGS = ['jpg', 'pdf', 'txt', 'mp4', 'md', 'zip']

/** Some files of very different sizes that are `mib` MiB in all. */
export async function makeFiles(folder: string, mib: number): Promise<DemoFiles> {
  const directory = join(folder, 'upload')
  await mkdir(directory)
  const files: DemoFile[] = []
  for (const [index, size] of sizesFor(mib * MIB).entries()) {
    const kind = index % NAMES.length
    const name = `${NAMES[kind] ?? ''}-${String(index + 1)}.${ENDINGS[kind] ?? ''}`
    const path = join(directory, name)
    files.push({ name, path, seed: index, size, sha256: await write(path, index, size) })
  }
  const path = join(folder, 'served.bin')
  const size = mib * MIB
  const download = { path, seed: 1000, size, sha256: await write(path, 1000, size) }
  const chunked = {
    seed: 2000,
    size: CHUNKED_MIB * MIB,
    sha256: await write(null, 2000, CHUNKED_MIB * MIB),
  }
  return { files, download, chunked }
}

/** Twelve small ones, six middling ones, and a few that hold the rest. */
function sizesFor(total: number): number[] {
  const small = Array.from({ length: 12 }, (_, index) => Math.min(997 * (index + 1), total >> 8))
  const middling = Array.from({ length: 6 }, (_, index) => Math.floor(total / 60) + index)
  const left = total - [...small, ...middling].reduce((sum, size) => sum + size, 0)
  const large = Math.floor(left / 3)
  return [...small, ...middling, large, large, left - 2 * large]
}

/** @returns the SHA-256; with a null path nothing is written. */
async function write(path: string | null, seed: number, size: number): Promise<string> {
  const hash = createHash('sha256')
  const file = path === null ? null : await open(path, 'wx')
  try {
    for (const chunk of patternChunks(seed, 0, size, MIB)) {
      hash.update(chunk)
      await file?.write(chunk)
    }
  } finally {
    await file?.close()
  }
  return hash.digest('hex')
}
