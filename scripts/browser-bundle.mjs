/**
 * What a bundler of a page is given: the modules of the browser entry in a few files, as tsc wrote
 * them, not minified. A file each would cost a page a tenth: bundlers that split make a chunk, with
 * its imports and exports, of each set of modules that some lazily loaded file shares with `get`.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rollup } from 'rollup'

/** @param compiled the folder that tsc wrote, @param outdir where the files go. */
export async function bundleForBundlers(compiled, outdir) {
  rmSync(outdir, { recursive: true, force: true })
  const [calls, more] = ['calls', 'more'].map((name) =>
    join(compiled, `adapters/browser/${name}.js`),
  )
  const bundle = await rollup({
    input: { calls, more },
    external: (id) => !/^[./]/.test(id),
    plugins: [withSourceMaps, withOwnNames],
    treeshake: { moduleSideEffects: false },
  })
  const { output } = await bundle.write({
    dir: outdir,
    format: 'esm',
    chunkFileNames: 'part-[name]-[hash].js',
    manualChunks: chunkRule(calls),
    // Imports of nothing but side effects, of which there are none, are warned of by other bundlers.
    hoistTransitiveImports: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  const lists = [calls, more].map((entry) => {
    const { fileName, exports } = output.find(({ facadeModuleId }) => facadeModuleId === entry)
    return `export { ${exports.join(', ')} } from './${fileName}'\n`
  })
  writeFileSync(join(outdir, 'index.js'), lists.join(''))
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
 * Every name of `more` is one of its own. A bundler that looks at files would else see the entry use
 * the file behind the name, and a page that needs it in a lazily loaded file would load it with `get`.
 */
const withOwnNames = {
  name: 'own-names',
  renderChunk(code, { name, isEntry }) {
    if (!isEntry || name !== 'more') return null
    const own = code.replace(/^export \{ (.*) \} from ('.*');$/gm, (_, list, from) => {
      const names = list.split(', ').map((each) => each.split(' as '))
      const imports = names.map(([inner, outer = inner]) => `${inner} as ${outer}$own`)
      const constants = names.map(([inner, outer = inner]) => `${outer} = ${outer}$own`)
      return `import { ${imports.join(', ')} } from ${from};\nexport const ${constants.join(', ')};`
    })
    // Lists of names have nothing to be mapped to.
    return { code: own, map: null }
  },
}

/**
 * What `calls` needs at once is one chunk; any other module is in one with those that are reached
 * from the same places. Said for each, since rollup takes for granted that all entries are loaded: a
 * lazily loaded file would import from them, and `get` alone bring all of them along.
 */
function chunkRule(calls) {
  let chunks = null
  return (id, graph) => {
    chunks ??= nameChunks(calls, graph)
    return chunks.get(id)
  }
}

function nameChunks(calls, { getModuleIds, getModuleInfo }) {
  const own = [...getModuleIds()].filter((id) => !getModuleInfo(id).isExternal)
  const reach = (id, found = new Set()) => {
    if (found.has(id) || !own.includes(id)) return found
    found.add(id)
    getModuleInfo(id).importedIds.forEach((next) => reach(next, found))
    return found
  }
  const places = new Map()
  for (const start of own) {
    const { isEntry, dynamicImporters } = getModuleInfo(start)
    if (!isEntry && dynamicImporters.length === 0) continue
    for (const id of reach(start)) places.set(id, [...(places.get(id) ?? []), start])
  }
  const chunks = new Map()
  for (const [id, from] of places) if (from.length > 1) chunks.set(id, `shared-${shortHash(from)}`)
  for (const id of reach(calls)) chunks.set(id, 'calls')
  return chunks
}

function shortHash(names) {
  return createHash('sha256').update(names.sort().join('\n')).digest('hex').slice(0, 6)
}
