/** The executables of the engines that come as npm packages, for tests that start them. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export type EngineName = 'deno' | 'bun' | 'workerd'

/** The real file: npm's wrapper of bun says only that its install script did not run. */
export async function binary(name: EngineName): Promise<string> {
  const script = pathToFileURL(join(process.cwd(), 'scripts/binaries.mjs')).href
  // Plain JavaScript, which says the same in its comments.
  const binaries = (await import(script)) as { binary(name: EngineName): string }
  return binaries.binary(name)
}
