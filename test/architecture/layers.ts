/** The rules about who may import whom: layers, families, cycles, adapters, packages. */
import { filesIn, importsOf } from './tree.ts'
import type { Rule, Tree, Violation } from './tree.ts'

interface Place {
  readonly layer: number
  /** Files of one family import each other freely. */
  readonly family: string
}

/** The names under `src/`, layer by layer; a folder stands for all files in it. */
const LAYERS: readonly (readonly string[])[] = [
  [
    ...[
      'errors',
      'status',
      'types',
      'ports',
      'headers',
      'header-list',
      'url',
      'addresses',
      'bytes',
      'own-bytes',
      'web',
      'unsupported',
      'demand',
    ],
    ...[
      'version',
      'forbidden-headers',
      'framing-headers',
      'body-port',
      'decode-port',
      'download-port',
      'connection-port',
      'capabilities',
      'secret-headers',
      'own',
      'known-names',
      'call-errors',
      'shown-url',
      'request-target',
      'as-bytes',
      'merge-headers',
      'leave-secrets',
      'linked',
      'json-fault',
    ],
  ],
  [
    ...['auth', 'body', 'cookies', 'decode', 'cookie-header', 'empty-jar', 'mounts', 'environment'],
    'jar-saver',
    ...['deadline', 'hooks', 'netrc', 'progress', 'proxies', 'retry', 'redirect', 'drops'],
  ],
  ['prepared', 'settings-defaults'],
  ['response'],
  ['options'],
  ['settings'],
  ['capability-check', 'capability-need', 'wire-headers', 'answer', 'settings-shown'],
  ['prepare', 'exchange', 'light-call'],
  ['prepare-request'],
  ['request'],
  ['send', 'session-fetch-call'],
  ['session-fetch', 'session-calls', 'session-jar', 'session-defaults', 'settings-memo'],
  ['session-base'],
  ['session'],
  ['api', 'api-light', 'api-with-body', 'download', 'index'],
]
/** Layers whose files are one family: the vocabulary at the bottom, the entry at the top. */
const ONE_FAMILY = new Set([0, LAYERS.length - 1])
/** Split for their size: `response-body` and its like are of the family of `response`. */
const SPLIT = /^(response|prepared|deadline|retry|send)-/

const RUNTIMES = ['node', 'deno', 'bun', 'browser', 'workerd', 'ponyfill']
const SAME_FILES = ['index', 'platform', 'transport', 'errors']

const CORE_PACKAGES = ['set-cookie-parser', 'mrmime', '@noble/hashes', 'eventsource-parser']
/** Which folders and files under `adapters/` may name a package; others are new dependencies. */
const ADAPTER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  undici: ['undici', 'node', 'deno'],
  tldts: ['public-suffixes.ts', ...RUNTIMES, 'fetch'],
  'cross-fetch': ['ponyfill'],
  'web-streams-polyfill': ['ponyfill'],
}

export const everyFileHasALayer: Rule = (tree) =>
  filesIn(tree, ['src'])
    .filter(([path]) => placeOf(path) === null)
    .map(([path]) => `${path} has no layer: name it in LAYERS`)

export const importsGoDown: Rule = (tree) => {
  const violations: Violation[] = []
  for (const [path, target] of edges(tree, 'src')) {
    const from = placeOf(path)
    const to = placeOf(target)
    if (from === null || to === null || from.layer > to.layer) continue
    if (from.layer === to.layer && from.family === to.family) continue
    const why = from.layer < to.layer ? 'a higher layer' : 'another family of its layer'
    violations.push(`${path} imports ${target}, which is in ${why}`)
  }
  return violations
}

export const noCycles: Rule = (tree) => {
  const targets = new Map<string, string[]>()
  for (const [path, target] of [...edges(tree, 'src'), ...edges(tree, 'adapters')]) {
    targets.set(path, [...(targets.get(path) ?? []), target])
  }
  return findCycles(targets).map((cycle) => `${cycle.join(' → ')} is a cycle`)
}

export const coreImportsNoAdapter: Rule = (tree) =>
  edges(tree, 'src')
    .filter(([, target]) => !target.startsWith('src/'))
    .map(([path, target]) => `${path} imports ${target}, which is outside of the core`)

export const importsExist: Rule = (tree) =>
  [...edges(tree, 'src'), ...edges(tree, 'adapters')]
    .filter(([, target]) => !Object.hasOwn(tree, target) && !target.endsWith('/undici.js'))
    .map(([path, target]) => `${path} imports ${target}, which does not exist`)

export const packagesAreNamed: Rule = (tree) => {
  const violations: Violation[] = []
  for (const [path, text] of filesIn(tree, ['src', 'adapters'])) {
    for (const { specifier, path: target } of importsOf(path, text)) {
      if (target !== null || isRuntimeModule(specifier)) continue
      const name = packageOf(specifier)
      const [root, folder = ''] = path.split('/')
      const allowed =
        CORE_PACKAGES.includes(name) ||
        (root === 'adapters' && (ADAPTER_PACKAGES[name] ?? []).includes(folder))
      if (!allowed) violations.push(`${path} imports the package ${name}`)
    }
  }
  return violations
}

export const adaptersAreAlike: Rule = (tree) =>
  RUNTIMES.flatMap((runtime) =>
    SAME_FILES.map((name) => `adapters/${runtime}/${name}.ts`)
      .filter((path) => !Object.hasOwn(tree, path))
      .map((path) => `${path} is missing: every adapter has ${SAME_FILES.join(', ')}`),
  )

function placeOf(path: string): Place | null {
  const [, name = ''] = /^src\/([^/.]+)/.exec(path) ?? []
  const family = SPLIT.exec(name)?.[1] ?? name
  const layer = LAYERS.findIndex((names) => names.includes(family))
  if (layer === -1) return null
  return { layer, family: ONE_FAMILY.has(layer) ? 'one' : family }
}

/** Pairs of importing and imported file, packages left out. */
function edges(tree: Tree, folder: string): readonly (readonly [string, string])[] {
  return filesIn(tree, [folder]).flatMap(([path, text]) =>
    importsOf(path, text).flatMap(({ path: target }) =>
      target === null ? [] : [[path, target] as const],
    ),
  )
}

/** One cycle for each file that closes one, found by depth-first search. */
function findCycles(targets: ReadonlyMap<string, readonly string[]>): readonly string[][] {
  const cycles: string[][] = []
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path)
    if (at !== -1) {
      cycles.push([...way.slice(at), path])
      return
    }
    if (done.has(path)) return
    for (const target of targets.get(path) ?? []) visit(target, [...way, path])
    done.add(path)
  }
  for (const path of targets.keys()) visit(path, [])
  return cycles
}

function isRuntimeModule(specifier: string): boolean {
  return /^(node|bun|cloudflare):/.test(specifier) || specifier === 'bun'
}

function packageOf(specifier: string): string {
  const [, name = specifier] = /^(?:npm:)?(@[^/]+\/[^/@]+|[^/@]+)/.exec(specifier) ?? []
  return name
}
