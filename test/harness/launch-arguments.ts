/** The command line of the suite. */
import { parseArgs } from 'node:util'

export const TARGETS = [
  ...['node20', 'node22', 'node24', 'node26', 'deno', 'bun'],
  ...['workerd', 'chromium', 'firefox', 'webkit', 'ponyfill'],
] as const

export interface Settings {
  readonly targets: readonly string[]
  /** All targets, with the unit tests and the checks. */
  readonly everything: boolean
  /** A part of the paths of unit tests. */
  readonly filter: string | null
  /** A regular expression for the names of cases. */
  readonly only: string | null
  readonly update: boolean
  readonly keep: boolean
  readonly build: boolean
}

export function parseSettings(argv: readonly string[]): Settings {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      target: { type: 'string', multiple: true, default: [] },
      runtime: { type: 'string', multiple: true, default: [] },
      case: { type: 'string' },
      'update-expectations': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  })
  const wanted = [...values.target, ...values.runtime].flatMap((each) => each.split(','))
  const filter = positionals[0] ?? null
  return {
    targets: wanted.length === 0 ? TARGETS : [...new Set(wanted.flatMap(expand))],
    everything: wanted.length === 0 && values.case === undefined,
    filter,
    only: values.case ?? (filter === null ? null : escape(filter)),
    update: values['update-expectations'],
    keep: values.keep,
    build: !values['no-build'],
  }
}

/** `node` is every Node; `browser` every browser. */
function expand(name: string): readonly string[] {
  if (name === 'node') return TARGETS.filter((each) => each.startsWith('node'))
  if (name === 'browser') return ['chromium', 'firefox', 'webkit']
  const target = TARGETS.find((each) => each === name)
  if (target !== undefined) return [target]
  throw new TypeError(`No target is called "${name}"; there are ${TARGETS.join(', ')}.`)
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
