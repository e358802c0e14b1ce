/** Runs the `main` of a TypeScript entry, which Node 20 cannot load by itself, compiled by esbuild. */
import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as setup from './setup.mjs'

/** @param entry relative to the root; its `main(tools, arguments)` gives the exit code. */
export async function runCompiled(entry) {
  const { build } = await import('esbuild')
  const { binary } = await import('./binaries.mjs')
  // Inside the repository, so that what is compiled finds its packages.
  const name = `${basename(entry, '.ts')}-${process.pid}.mjs`
  const outfile = join(setup.root, '.cache/compiled', name)
  await build({
    entryPoints: [join(setup.root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  try {
    const { main } = await import(pathToFileURL(outfile).href)
    process.exitCode = await main({ ...setup, binary }, process.argv.slice(2))
  } finally {
    rmSync(outfile, { force: true })
  }
}
