/** Removing a file that may be gone already. */
import { builtin } from './builtins.ts'

export async function removeFile(path: string): Promise<void> {
  try {
    await builtin('fs').promises.unlink(path)
  } catch {
    // It is gone already, which is all that was wanted.
  }
}
