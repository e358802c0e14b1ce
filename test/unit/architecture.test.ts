/** Proof that each rule of the architecture can fail: a sound tree, and one fault per rule. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rules } from '../architecture/rules.ts'
import type { Tree } from '../architecture/tree.ts'

const RUNTIMES = ['node', 'deno', 'bun', 'browser', 'workerd', 'ponyfill']
const ADAPTER_FILES = ['index', 'platform', 'transport', 'errors']

const SOUND: Tree = {
  'src/errors.ts': '/** Errors. */\nexport class RequestError extends Error {}\n',
  'src/headers.ts': `// Fields.
import { RequestError } from './errors.ts'
export class Headers {}
export class Session {
  get fetch(): typeof globalThis.fetch | null {
    return null
  }
}
export function check(input: globalThis.Headers | Response): RequestError | Headers {
  return input === undefined ? new RequestError('x') : new Headers()
}
`,
  'src/web.ts': '// Web.\nexport const stream = (): unknown => globalThis.ReadableStream\n',
  'src/deadline-clock.ts': '// Time.\nexport const wait = (): unknown => setTimeout(() => 1, 1)\n',
  'src/cookies/jar.ts': "// Jar.\nimport { store } from './store.ts'\nexport const jar = store\n",
  'src/cookies/store.ts':
    "// Store.\nimport parse from 'set-cookie-parser'\nexport const store = parse\n",
  'src/response.ts':
    "// Response.\nimport { read } from './response-body.ts'\nexport const body = read\n",
  'src/response-body.ts':
    "// Body.\nimport { wait } from './deadline-clock.ts'\nexport const read = wait\n",
  ...Object.fromEntries(
    RUNTIMES.flatMap((runtime) =>
      ADAPTER_FILES.map((name) => [`adapters/${runtime}/${name}.ts`, '// Adapter.\nexport {}\n']),
    ),
  ),
}

interface Fault {
  readonly rule: string
  readonly files: Tree
  /** Found in the one violation. */
  readonly says: string | RegExp
}

const src = (code: string): Tree => ({ 'src/url.ts': `// Url.\n${code}\n` })

const FAULTS: readonly Fault[] = [
  {
    rule: 'every file of the core has a layer',
    files: { 'src/novelty.ts': '// New.\nexport {}\n' },
    says: 'src/novelty.ts',
  },
  {
    rule: 'imports go strictly downwards, families keep apart',
    files: src("import type { jar } from './cookies/jar.ts'"),
    says: 'a higher layer',
  },
  {
    rule: 'imports go strictly downwards, families keep apart',
    files: {
      'src/hooks.ts': "// Hooks.\nimport { jar } from './cookies/jar.ts'\nexport { jar }\n",
    },
    says: 'another family',
  },
  {
    rule: 'imports go strictly downwards, families keep apart',
    files: {
      'src/send.ts': "// Send.\nexport * from './session.ts'\n",
      'src/session.ts': '// S.\n',
    },
    says: 'src/send.ts imports src/session.ts',
  },
  {
    rule: 'there is no cycle',
    files: { 'src/cookies/store.ts': "// Store.\nexport type { jar as store } from './jar.ts'\n" },
    says: 'src/cookies/jar.ts → src/cookies/store.ts → src/cookies/jar.ts',
  },
  {
    rule: 'the core imports no adapter',
    files: src("export const late = (): unknown => import('../adapters/node/index.ts')"),
    says: 'adapters/node/index.ts',
  },
  {
    rule: 'every import exists',
    files: src("import './nowhere.ts'"),
    says: 'src/nowhere.ts',
  },
  {
    rule: 'only the chosen packages are imported',
    files: src("import axios from 'axios'\nexport const a = axios"),
    says: 'axios',
  },
  {
    rule: 'only the chosen packages are imported',
    files: { 'adapters/browser/index.ts': "// B.\nimport { Agent } from 'undici/lib/agent.js'\n" },
    says: 'the package undici',
  },
  {
    rule: 'only the chosen packages are imported',
    files: {
      'adapters/workerd/index.ts':
        "// W.\nexport const l = (): unknown => import('npm:undici@7')\n",
    },
    says: 'the package undici',
  },
  {
    rule: 'every adapter has the same files',
    files: { 'adapters/bun/errors.ts': '' },
    says: 'adapters/bun/errors.ts is missing',
  },
  {
    rule: 'the core imports no module of a runtime',
    files: src("import type { Stats } from 'node:fs'\nexport type S = Stats"),
    says: 'node:fs',
  },
  {
    rule: 'the core uses no global of a runtime',
    files: src('export const f = (): unknown => fetch("x")'),
    says: 'the global fetch',
  },
  {
    rule: 'the core uses no global of a runtime',
    files: src('export const f = (x: unknown): boolean => x instanceof Response'),
    says: 'the global Response',
  },
  {
    rule: 'the core uses no global of a runtime',
    files: src('export class Jar extends Headers {}'),
    says: 'the global Headers',
  },
  {
    rule: 'the core uses no global of a runtime',
    files: src('export const f = (): unknown => ({ process }.process)'),
    says: 'the global process',
  },
  {
    rule: 'the core uses no global of a runtime',
    files: src('export const f = (): unknown => setTimeout(() => 1, 1)'),
    says: 'the global setTimeout',
  },
  {
    rule: 'the core uses no global of a runtime',
    files: src('export const f = (): unknown => globalThis.Deno'),
    says: 'the global globalThis',
  },
  {
    rule: 'files are short',
    files: src('\n'.repeat(300) + 'export {}'),
    says: 'lines of 300',
  },
  {
    rule: 'files are named after what they know',
    files: { 'adapters/node/utils.ts': '// U.\n' },
    says: 'adapters/node/utils.ts',
  },
  {
    rule: 'files are named after what they know',
    files: { 'src/body/FromInput.ts': '// F.\n' },
    says: 'kebab-case',
  },
  {
    rule: 'files begin with a comment',
    files: { 'src/url.ts': 'export {}\n' },
    says: 'src/url.ts:1',
  },
  {
    rule: 'functions are short',
    files: src(`export const f = (): void => {${'\n'.repeat(40)}}`),
    says: '41 lines of 40',
  },
  {
    rule: 'functions take few parameters',
    files: src('export interface F { f(a: 1, b: 2, c: 3, d: 4, e: 5): void }'),
    says: '5 parameters of 4',
  },
  {
    rule: 'nothing is any',
    files: src('export const x: any[] = []'),
    says: 'src/url.ts:2 says any',
  },
  { rule: 'there is no default export', files: src('export default 1'), says: 'default' },
  {
    rule: 'there is no default export',
    files: src('export default function f(): void {}'),
    says: 'default',
  },
  {
    rule: 'there is no default export',
    files: src('const x = 1\nexport { x as default }'),
    says: 'default',
  },
  { rule: 'the syntax is erasable', files: src('export enum E { A }'), says: 'enum' },
  { rule: 'the syntax is erasable', files: src('export namespace N {}'), says: 'namespace' },
  {
    rule: 'the syntax is erasable',
    files: src('export class C { constructor(readonly x: number) {} }'),
    says: 'parameter property',
  },
  {
    rule: 'there is no non-null assertion',
    files: src('export const f = (x?: string): string => x!'),
    says: 'non-null',
  },
  { rule: 'no tool is silenced', files: src('// @ts-' + 'ignore'), says: 'silences' },
  { rule: 'no tool is silenced', files: src('// eslint-' + 'disable-next-line'), says: 'silences' },
  { rule: 'nothing runs on import', files: src('Object.freeze({})'), says: 'runs at module scope' },
  {
    rule: 'nothing runs on import',
    files: src("export const x = await import('./web.ts')"),
    says: 'runs at module scope',
  },
]

test('the sound tree breaks no rule', () => {
  for (const [sentence, rule] of Object.entries(rules)) {
    assert.deepEqual(rule(SOUND), [], sentence)
  }
})

test('every rule has a fault that breaks it', () => {
  const proved = new Set(FAULTS.map((fault) => fault.rule))
  assert.deepEqual([...proved].sort(), Object.keys(rules).sort())
})

for (const fault of FAULTS) {
  test(`"${fault.rule}" fails on ${JSON.stringify(fault.says)}`, () => {
    const violations = rules[fault.rule]?.(withFault(fault)) ?? []
    assert.equal(violations.length, 1, violations.join('\n'))
    assert.ok(violations[0]?.match(fault.says), violations[0])
  })
}

/** An empty text removes the file. */
function withFault(fault: Fault): Tree {
  const tree = { ...SOUND, ...fault.files }
  return Object.fromEntries(Object.entries(tree).filter(([, text]) => text !== ''))
}
