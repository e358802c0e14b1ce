/** The build, the checks, the unit tests and the demo: scripts of the repository, run as they are. */
import type { Tools } from './launch-job.ts'
import { Processes } from './launch-process.ts'
import type { Row } from './report.ts'

export async function runBuild(tools: Tools): Promise<Row> {
  return rowOf('build', await run(tools, ['scripts/build.mjs'], null))
}

/** Each unit test counts as one; the checks are passed or failed as a whole. */
export function runTests(
  tools: Tools,
  filter: string | null,
  signal: AbortSignal,
): (() => Promise<Row>)[] {
  const unit = async (): Promise<Row> => {
    const args = ['scripts/unit.mjs', ...(filter === null ? [] : [filter])]
    return rowOf('unit', await run(tools, args, signal))
  }
  const check = async (): Promise<Row> => {
    return rowOf('check', await run(tools, ['scripts/check.mjs', '--built'], signal))
  }
  const docs = async (): Promise<Row> => {
    return rowOf('docs', await run(tools, ['scripts/docs.mjs'], signal))
  }
  const real = async (): Promise<Row> => {
    return rowOf('real', await run(tools, ['scripts/real.mjs'], signal))
  }
  const demo = async (): Promise<Row> => {
    const args = ['--no-build', '--runtime', 'all', '--size', '5']
    return rowOf('demo', await run(tools, ['scripts/demo.mjs', ...args], signal))
  }
  return filter === null ? [check, unit, docs, real, demo] : [unit]
}

/** Of one script, on a machine that has other things to do. */
const LIMIT_MS = 900_000

interface Outcome {
  readonly code: number | string
  readonly output: string
  readonly seconds: number
}

async function run(
  tools: Tools,
  args: readonly string[],
  signal: AbortSignal | null,
): Promise<Outcome> {
  const start = Date.now()
  const processes = new Processes()
  const lines: string[] = []
  const running = processes.start(process.execPath, args, {
    cwd: tools.root,
    onLine: (line) => lines.push(line) > 0,
  })
  const stop = (): void => void processes.stop()
  signal?.addEventListener('abort', stop)
  const timer = setTimeout(() => {
    lines.push(`stopped after ${String(LIMIT_MS)} milliseconds`)
    stop()
  }, LIMIT_MS)
  const code = await running.exited
  clearTimeout(timer)
  const output = [...lines, running.tail()].join('\n').trim()
  return { code, output, seconds: (Date.now() - start) / 1000 }
}

function rowOf(target: string, { code, output, seconds }: Outcome): Row {
  const passed = total(output, 'pass')
  const failed = total(output, 'fail')
  const row = {
    target,
    passed: passed ?? 0,
    skipped: total(output, 'skipped') ?? 0,
    gaps: 0,
    seconds,
  }
  if (code === 0 && (failed ?? 0) === 0) return { ...row, problems: [] }
  const text = output === '' ? `ended with ${String(code)}` : output
  // Every failed test counts; what they printed is printed once.
  const others = Array.from({ length: Math.max(0, (failed ?? 1) - 1) }, () => 'see above')
  return { ...row, problems: [text, ...others].map((each) => ({ name: target, text: each })) }
}

/** Of the lines `# pass 12` with which the unit tests end. */
function total(output: string, word: string): number | null {
  const found = new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)
  return found === null ? null : Number(found[1])
}
