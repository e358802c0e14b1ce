/**
 * How the names of an entry are divided: an entry for each file that has some, and a chunk for what
 * the same of them need, at once or later.
 */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What an entry exports, by the file that it has it from: lists of names, as they are written. */
export function namesByFile(entry, found = new Map()) {
  for (const [, list, from] of readFileSync(entry, 'utf8').matchAll(EXPORT)) {
    const file = join(dirname(entry), from)
    if (list === '*') namesByFile(file, found)
    else found.set(file, [...(found.get(file) ?? []), list])
  }
  return found
}

/** Begins the name of a module that is nothing but a list of names. */
export const ENTRY = 'entry:'
const EXPORT = /^export (\{.*\}|\*(?: as \w+)?) from ["'](.*)["'];?$/gm

/** The entries. Code in one of them would be in every page: each page begins with all of them. */
export function listsOf(names) {
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

/**
 * What `calls` needs at once is one chunk; any other module is in one with those that are wanted in
 * the same places. Said for each, since rollup takes for granted that all entries are loaded: a
 * lazily loaded file would import from them, and `get` alone bring all of them along.
 */
export function chunkRule(calls) {
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
