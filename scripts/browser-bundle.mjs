/**
 * What a bundler of a page is given: the modules of the browser entry in a few files, as tsc wrote
 * them, not minified. A file each would cost a page a tenth: bundlers that split make a chunk, with
 * its imports and exports, of each set of modules that some lazily loaded file shares with `get`. One
 * file for all would be in every page, since they look at files when they decide who shares what.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { rollup } from 'rollup'

/** @param compiled the folder that tsc wrote, @param outdir where the files go. */
export async function bundleForBundlers(compiled, outdir) {
  rmSync(outdir, { recursive: true, force: true })
  const folder = join(compiled, 'adapters/browser')
  const names = namesByFile(join(folder, 'index.js'))
  const bundle = await rollup({
    input: Object.fromEntries(
      [...names.keys()].map((file) => [basename(file, '.js'), ENTRY + file]),
    ),
    external: (id) => !/^[./]/.test(id) && !id.startsWith(ENTRY),
    plugins: [listsOf(names), withSourceMaps, withOwnNames],
    treeshake: { moduleSideEffects: false },
  })
  await bundle.write({
    dir: outdir,
    format: 'esm',
    chunkFileNames: 'part-[name].js',
    manualChunks: chunkRule(join(folder, 'calls.js')),
    // Imports of nothing but side effects, of which there are none, are warned of by other bundlers.
    hoistTransitiveImports: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  const lines = [...names].flatMap(([file, lists]) =>
    lists.map(
      (list) => `export ${list.replace(/^\* as (\w+)$/, '{ $1 }')} from './${basename(file)}'\n`,
    ),
  )
  writeFileSync(join(outdir, 'index.js'), lines.join(''))
}

/** What an entry exports, by the file that it has it from: lists of names, as they are written. */
function namesByFile(entry, found = new Map()) {
  for (const [, list, from] of readFileSync(entry, 'utf8').matchAll(EXPORT)) {
    const file = join(dirname(entry), from)
    if (list === '*') namesByFile(file, found)
    else found.set(file, [...(found.get(file) ?? []), list])
  }
  return found
}

/** Begins the name of a module that is nothing but a list of names. */
const ENTRY = 'entry:'
const EXPORT = /^export (\{.*\}|\*(?: as \w+)?) from ["'](.*)["'];?$/gm

/** The entries. Code in one of them would be in every page: each page begins with all of them. */
function listsOf(names) {
  return {
    name: 'lists',
    resolveId: (id) => (id.startsWith(ENTRY) ? id : null),
    load(id) {
      if (!id.startsWith(ENTRY)) return null
      const file = id.slice(ENTRY.length)
      return names
        .get(file)
        .map((list) => `export ${list} from ${JSON.stringify(file)}`)
        .join('\n')
    },
  }
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
 * Every name of an entry is one of its own. A bundler that looks at files would else see a page use the
 * file behind each name, and what it needs in a lazily loaded file would be loaded with `get`.
 */
const withOwnNames = {
  name: 'own-names',
  renderChunk(code, { name, isEntry }) {
    if (!isEntry || name === 'calls') return null
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
 * What `calls` needs at once is one chunk; any other module is in one with those that are wanted in
 * the same places. Said for each, since rollup takes for granted that all entries are loaded: a
 * lazily loaded file would import from them, and `get` alone bring all of them along.
 */
function chunkRule(calls) {
  let chunks = null
  return (id, graph) => {
    chunks ??= nameChunks(calls, graph)
    return chunks.get(id)
  }
}

function nameChunks(calls, graph) {
  const own = [...graph.getModuleIds()]
    .filter((id) => !graph.getModuleInfo(id).isExternal && !id.startsWith(ENTRY))
    .sort()
  const reached = new Map(own.map((id) => [id, reach(id, graph)]))
  const present = presentModules(reached, graph)
  const groups = new Map()
  for (const id of own) {
    const wanting = [...present].filter(
      ([start, there]) => reached.get(start).has(id) && !there.has(id),
    )
    const key = reached.get(calls).has(id) ? calls : wanting.map(([start]) => start).join('\n')
    groups.set(key, [...(groups.get(key) ?? []), id])
  }
  const chunks = new Map()
  for (const ids of groups.values()) {
    // After the one that brings the others along.
    const top = ids.find((id) => !ids.some((other) => other !== id && reached.get(other).has(id)))
    let name = basename(top ?? ids[0], '.js')
    while ([...chunks.values()].includes(name)) name += '-more'
    for (const id of ids) chunks.set(id, name)
  }
  return chunks
}

/** What a module needs at once, itself included. */
function reach(id, graph, found = new Set()) {
  if (found.has(id) || graph.getModuleInfo(id).isExternal) return found
  found.add(id)
  graph.getModuleInfo(id).importedIds.forEach((next) => reach(next, graph, found))
  return found
}

/**
 * By module that can be loaded: which modules are there already, whoever loads it. Those are what the
 * files that load it need at once, and what is there when these are loaded.
 */
function presentModules(reached, { getModuleInfo }) {
  const present = new Map()
  for (const id of reached.keys()) {
    const { importers, dynamicImporters } = getModuleInfo(id)
    if (importers.some((importer) => importer.startsWith(ENTRY))) present.set(id, new Set())
    else if (dynamicImporters.length > 0) present.set(id, new Set(reached.keys()))
  }
  const loaders = (id) =>
    [...present.keys()].filter((from) =>
      getModuleInfo(id).dynamicImporters.some((importer) => reached.get(from).has(importer)),
    )
  // Each round takes away what a loader has not; what one has lost may have been another's.
  for (let changed = true; changed;) {
    changed = false
    for (const [id, there] of present) {
      for (const from of loaders(id)) {
        for (const each of there) {
          if (reached.get(from).has(each) || present.get(from).has(each)) continue
          there.delete(each)
          changed = true
        }
      }
    }
  }
  return present
}
