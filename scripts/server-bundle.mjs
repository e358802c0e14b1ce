/**
 * What Node, Deno and Bun load: to find, read and link 160 modules takes Node 60 ms; one file with all
 * that `import` needs, and one more for each thing that is loaded later, 8. Not minified, so that one
 * can read it and its stack traces; comments are left out, since they would be read at each start.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { rollup } from 'rollup'
import { inlinedPackages, isPackage, withoutComments, withSourceMaps } from './rollup-plugins.mjs'

/** Small and without I/O, of one file each, and needed by every import: 2 ms to find them as packages. */
const INLINED = ['set-cookie-parser', 'mrmime']

/** @param compiled the folder that tsc wrote, @param runtime the adapter, @param outdir where the files go. */
export async function bundleForServer(compiled, runtime, outdir) {
  rmSync(outdir, { recursive: true, force: true })
  const bundle = await rollup({
    input: join(compiled, 'adapters', runtime, 'index.js'),
    external: (id) => id.startsWith('node:') || (isPackage(id) && !INLINED.includes(id)),
    plugins: [
      builtUndici,
      inlinedPackages((id) => INLINED.includes(id)),
      withSourceMaps,
      withoutComments,
    ],
    treeshake: { moduleSideEffects: false },
  })
  // Rollup knows that what the entry needs is there already when something is loaded later: that is
  // one chunk, where esbuild would make one of each set of modules that later files share.
  await bundle.write({
    dir: outdir,
    format: 'esm',
    chunkFileNames: 'part-[name]-[hash].js',
    hoistTransitiveImports: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await bundle.close()
}

/** A bundle already, which stays where those who run the sources have it, too. */
const builtUndici = {
  name: 'built-undici',
  resolveId: (id) =>
    id === './undici.js' ? { id: '../adapters/deno/undici.js', external: 'absolute' } : null,
}
