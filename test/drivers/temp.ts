/** A folder for each case, on runtimes that have paths: Node, Deno and Bun share `node:fs`. */
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { patternChunks } from '../harness/pattern.ts'
import type { OpenTemp } from './context.ts'

const BLOCK = 1 << 20

/** A new folder inside `parent`. */
export async function makeTemp(parent: string): Promise<OpenTemp> {
  const folder = await mkdtemp(join(parent, 'case-'))
  const path = (name: string): string => join(folder, name)
  return {
    temp: {
      path,
      async file(name, content) {
        if (typeof content === 'number') await writePattern(path(name), content)
        else await writeFile(path(name), content)
        return path(name)
      },
      // A Buffer may be a view on a shared pool; cases compare and keep plain bytes.
      read: async (file) => Uint8Array.from(await readFile(file)),
      list: async () => (await readdir(folder)).sort(),
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function writePattern(path: string, size: number): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const chunk of patternChunks(0, 0, size, BLOCK)) await file.write(chunk)
  } finally {
    await file.close()
  }
}
