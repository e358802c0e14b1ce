/**
 * What a bundler of a page is given: the modules of the browser entry in a few files, as tsc wrote
 * them, not minified. A file each would cost a page a tenth: bundlers that split make a chunk, with
 * its imports and exports, of each set of modules that some lazily loaded file shares with `get`.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rollup } from 'rollup'

/** @param compiled the folder that tsc wrote, @param outdir where the files go. */
export async function bundleForBundlers(compiled, outdir) {
  rmSync(outdir, { recursive: true, force: true })
  const browser = join(compiled, 'adapters', 'browser')
  const bundle = await rollup({
    input: join(browser, 'index.js'),
    external: (id) => !/^[./]/.test(id) && !id.startsWith(compiled),
    plugins: [withSourceMaps],
    treeshake: { moduleSideEffects: false },
  })
  await bundle.write({
    dir: outdir,
    format: 'esm',
    chunkFileNames: 'part-[name]-[hash].js',
    manualChunks: chunkRule(join(browser, 'index.js'), join(browser, 'calls.js')),
    // Imports of nothing but side effects, of which there are none, are warned of by other bundlers.
    hoistTransitiveImports: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await bundle.close()
}

/** Stack traces lead to the TypeScript. */
export const withSourceMaps = {
  name: 'source-maps',
  load(id) {
    if (!existsSync(`${id}.map`)) return null
    return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') }
  },
}

/**
 * What `calls` needs at once is one chunk; any other module is in one with those that are reached
 * from the same places. Said for each, since rollup takes for granted that the whole entry is
 * loaded: a lazily loaded file would import from it, and `get` alone bring all of it along.
 */
function chunkRule(entry, calls) {
  let chunks = null
  return (id, graph) => {
    chunks ??= nameChunks(entry, calls, graph)
    return chunks.get(id)
  }
}

function nameChunks(entry, calls, { getModuleIds, getModuleInfo }) {
  const own = new Set(getModuleIds())
  const reach = (id, found = new Set()) => {
    if (found.has(id) || !own.has(id) || getModuleInfo(id).isExternal) return found
    found.add(id)
    getModuleInfo(id).importedIds.forEach((next) => reach(next, found))
    return found
  }
  const starts = [entry, ...[...own].filter((id) => getModuleInfo(id).dynamicImporters.length > 0)]
  const places = new Map()
  for (const start of starts) {
    for (const id of reach(start)) places.set(id, [...(places.get(id) ?? []), start])
  }
  const chunks = new Map()
  for (const [id, from] of places) {
    if (from.length > 1) chunks.set(id, `shared-${shortHash(from)}`)
    else if (from[0] === entry && id !== entry) chunks.set(id, 'more')
  }
  for (const id of reach(calls)) chunks.set(id, 'calls')
  return chunks
}

function shortHash(names) {
  return createHash('sha256').update(names.sort().join('\n')).digest('hex').slice(0, 6)
}
