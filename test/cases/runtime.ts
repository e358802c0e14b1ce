/** That the suite really runs where the launcher says it does: facts of the engine, not our word. */
import { equal, ok } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'

export const cases: readonly Case[] = [
  {
    name: 'runtime: the engine is the one the target names',
    run: async ({ target }) => {
      const facts = FACTS[target]
      ok(facts !== undefined, `the facts of the target ${target} are known`)
      for (const [what, holds] of facts?.() ?? []) ok(holds, `${target}: ${what}`)
    },
  },
  {
    name: 'runtime: the package resolved to the adapter of this engine',
    run: async ({ target, requests }) => {
      equal(requests.runtime, ADAPTERS[target])
    },
  },
]

type Fact = readonly [what: string, holds: boolean]

const ADAPTERS: Readonly<Record<string, string>> = {
  node20: 'node',
  node22: 'node',
  node24: 'node',
  node26: 'node',
  deno: 'deno',
  bun: 'bun',
  workerd: 'workerd',
  chromium: 'browser',
  firefox: 'browser',
  webkit: 'browser',
  ponyfill: 'ponyfill',
}

const FACTS: Readonly<Record<string, () => readonly Fact[]>> = {
  node20: () => node('20'),
  node22: () => node('22'),
  node24: () => node('24'),
  node26: () => node('26'),
  deno: () => [
    ['the global Deno has a version', text('Deno', 'version', 'deno') !== ''],
    ['the user agent is Deno', userAgent().startsWith('Deno/')],
  ],
  bun: () => [
    ['the global Bun has a version', text('Bun', 'version') !== ''],
    ['process.versions knows bun', text('process', 'versions', 'bun') !== ''],
    ['the user agent is Bun', userAgent().startsWith('Bun/')],
  ],
  workerd: () => [
    ['the user agent is Cloudflare-Workers', userAgent() === 'Cloudflare-Workers'],
    ['WebSocketPair is there', has('WebSocketPair')],
    ['there is no document', !has('document')],
  ],
  chromium: () => [...page(), ['the user agent says Chrome', /Chrome\/\d/.test(userAgent())]],
  firefox: () => [...page(), ['the user agent says Firefox', /\bFirefox\/\d/.test(userAgent())]],
  webkit: () => [
    ...page(),
    ['the user agent says Version/… Safari', /\bVersion\/\d.*\bSafari\//.test(userAgent())],
    ['the user agent does not say Chrome', !/\bChrom(e|ium)\//.test(userAgent())],
  ],
  ponyfill: () =>
    [
      ...['fetch', 'Headers', 'Request', 'Response', 'FormData', 'Blob'],
      ...['ReadableStream', 'WritableStream', 'TransformStream', 'process', 'Deno', 'Bun'],
    ].map((name) => [`there is no ${name}`, !has(name)]),
}

function node(major: string): readonly Fact[] {
  return [
    [
      `process.versions.node is ${major}`,
      text('process', 'versions', 'node').startsWith(`${major}.`),
    ],
    ['process.versions knows v8', text('process', 'versions', 'v8') !== ''],
    ['there is no Deno and no Bun', !has('Deno') && !has('Bun')],
  ]
}

function page(): readonly Fact[] {
  return [
    ['there is a document in a window', has('document') && has('window')],
    ['there is no process', !has('process')],
  ]
}

function has(name: string): boolean {
  return Reflect.get(globalThis, name) !== undefined
}

function userAgent(): string {
  return text('navigator', 'userAgent')
}

/** The text at the end of a path of properties that starts at the global object, or ''. */
function text(...path: readonly string[]): string {
  let at: unknown = globalThis
  for (const name of path) at = isObject(at) ? Reflect.get(at, name) : undefined
  return typeof at === 'string' ? at : ''
}

/** Objects without a prototype, such as Node's `process.versions`, are no instances of Object. */
function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
