/** `npm test`: build, pack, install, start a server and a driver per target, compare, print. */
import { setMaxListeners } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cases } from '../cases/index.ts'
import { chooseCases } from '../drivers/run-cases.ts'
import { parseSettings } from './launch-arguments.ts'
import type { Settings } from './launch-arguments.ts'
import type { Tools } from './launch-job.ts'
import { runBuild, runTests } from './launch-scripts.ts'
import { bundleServer } from './launch-server.ts'
import { runTarget } from './launch-target.ts'
import type { Plan } from './launch-target.ts'
import { packAndInstall } from './pack.ts'
import { closingLine, describeProblems, describeRow, describeTable } from './report.ts'
import type { Row } from './report.ts'

/** Two cores: a runtime under test and its server keep one busy each. */
const LANES = 2

export async function main(tools: Tools, argv: readonly string[]): Promise<number> {
  const settings = parseSettings(argv)
  const names = chooseCases(cases, settings.only).map(({ name }) => name)
  checkNames(cases.map(({ name }) => name))
  await prepareMachine(tools, settings.targets)
  const built = settings.build ? await runBuild(tools) : null
  if (built !== null && built.problems.length > 0) return print([built], null)
  const stop = new AbortController()
  // Every task listens, and they are many.
  setMaxListeners(0, stop.signal)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(signal))
  const project = await packAndInstall(tools.root)
  const server = await bundleServer(tools.root)
  const complete = settings.only === null
  const plan: Plan = { tools, settings, project, server, names, complete, signal: stop.signal }
  try {
    await mkdir(join(project, 'targets'))
    return print(await runLanes(tasksOf(plan), stop.signal), stop.signal)
  } finally {
    await rm(server, { force: true })
    if (settings.keep) console.log(`kept: ${project}`)
    else await rm(project, { recursive: true, force: true })
  }
}

type Task = () => Promise<Row>

function tasksOf(plan: Plan): Task[] {
  const { settings, names, tools, signal } = plan
  const targets = names.length === 0 ? [] : settings.targets
  const tasks = targets.map(
    (target): Task =>
      async () =>
        await runTarget(plan, target),
  )
  return settings.everything ? [...runTests(tools, settings.filter, signal), ...tasks] : tasks
}

async function runLanes(tasks: Task[], signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = []
  const lane = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      if (signal.aborted) return
      const row = await task()
      rows.push(row)
      console.log(describeRow(row))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return rows
}

function print(rows: readonly Row[], signal: AbortSignal | null): number {
  const failed = rows.some(({ problems }) => problems.length > 0)
  if (failed) console.log(`\n${describeProblems(rows)}`)
  console.log(`\n${describeTable(rows)}\n\n${closingLine(rows)}`)
  if (signal?.aborted === true) return 130
  return failed || rows.length === 0 ? 1 : 0
}

/** What cannot be had fails its own target; the others run. */
async function prepareMachine(tools: Tools, targets: Settings['targets']): Promise<void> {
  const majors = targets.filter((each) => each.startsWith('node')).map((each) => each.slice(4))
  tools.ensureNodes(majors.map(Number))
  const browsers = targets.filter((each) => ['chromium', 'firefox', 'webkit'].includes(each))
  try {
    await tools.ensureBrowsers(browsers)
  } catch (error) {
    console.error(String(error))
  }
}

function checkNames(names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Error(`Two cases are called "${twice}".`)
}
