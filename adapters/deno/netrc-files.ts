/** The netrc file by Deno's own functions: every call looks for it, and node:fs takes 5 ms to load. */
import type { NetrcFiles } from '../node/netrc.ts'

interface DenoFiles {
  statSync(path: string): {
    readonly isDirectory: boolean
    readonly mtime: Date | null
    readonly size: number
  }
  readTextFileSync(path: string): string
}

function denoFiles(): DenoFiles {
  // This file is loaded by Deno alone.
  return Reflect.get(globalThis, 'Deno') as DenoFiles
}

export const netrcFiles: NetrcFiles = {
  /** Throws where there is no such file, which counts as none. */
  stat(path) {
    const { isDirectory, mtime, size } = denoFiles().statSync(path)
    return isDirectory ? undefined : { changed: mtime?.getTime() ?? 0, size }
  },
  read: (path) => denoFiles().readTextFileSync(path),
}
