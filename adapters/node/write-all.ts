/** One gathered write, however often the system takes less than it was given. */
import type { FileHandle } from './builtins.ts'

/** Worth one `writev`, while the next is collected. On a quiet machine (ext4, Linux 6.18, Node 20)
 *  1 MiB saves 512 MiB at 1,225 MiB/s, 512 KiB at 1,057, 2 MiB at 1,023. */
export const WRITE_BYTES: number = 1024 * 1024

/** @param position where in the file; behind what was written before, if it is left out. */
export async function writeAll(
  handle: Pick<FileHandle, 'writev'>,
  chunks: readonly Uint8Array[],
  position?: number,
): Promise<void> {
  let rest = chunks
  let at = position
  for (let left = lengthOf(chunks); left > 0;) {
    const { bytesWritten } = await handle.writev(rest, at)
    left -= bytesWritten
    if (at !== undefined) at += bytesWritten
    if (left > 0) rest = skip(rest, bytesWritten)
  }
}

export function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0)
}

function skip(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const rest: Uint8Array[] = []
  let left = bytes
  for (const chunk of chunks) {
    if (left >= chunk.length) left -= chunk.length
    else {
      rest.push(chunk.subarray(left))
      left = 0
    }
  }
  return rest
}
