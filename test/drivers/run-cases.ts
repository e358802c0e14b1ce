/** Runs the cases one after another, the same in every runtime; a driver gives it its surroundings. */
import type { Capability } from '../../src/ports.ts'
import { Skipped } from '../harness/case.ts'
import type { Case } from '../harness/case.ts'
import { openContext } from './context.ts'
import type { Driver } from './context.ts'
import { describeError } from './protocol.ts'
import type { CaseResult, Report } from './protocol.ts'

const LIMIT_MS = 20_000
const CLOSE_LIMIT_MS = 5_000

/** Those of the list that `only` names. */
export function chooseCases(cases: readonly Case[], only: string | null): readonly Case[] {
  if (only === null) return cases
  const pattern = new RegExp(only, 'i')
  return cases.filter((each) => pattern.test(each.name))
}

export async function runCases(
  cases: readonly Case[],
  driver: Driver,
  report: Report,
): Promise<void> {
  report({ kind: 'capabilities', capabilities: { ...driver.requests.capabilities } })
  for (const each of cases) report(await runCase(each, driver))
}

/** Never rejects. A case that outlives its limit goes on in the dark; its sessions are closed. */
export async function runCase(each: Case, driver: Driver): Promise<CaseResult> {
  const missing = missingCapability(each, driver)
  const result = { kind: 'result', name: each.name, ms: 0 } as const
  if (missing !== null) return { ...result, status: 'skipped', needs: missing }
  const start = Date.now()
  const outcome = await attempt(each, driver).catch((error: unknown) => judge(error, driver))
  return { ...result, ...outcome, ms: Date.now() - start }
}

type Outcome = Pick<CaseResult, 'status' | 'needs' | 'error'>

/** The failure of a case counts for more than what closing its sessions makes of it. */
async function attempt(each: Case, driver: Driver): Promise<Outcome> {
  const { context, close } = await openContext(driver)
  try {
    await within(LIMIT_MS, 'The case', each.run(context))
  } catch (error) {
    await within(CLOSE_LIMIT_MS, 'Closing the sessions', close()).catch(() => undefined)
    throw error
  }
  await within(CLOSE_LIMIT_MS, 'Closing the sessions', close())
  return { status: 'passed' }
}

/** A case may not skip what the transport says it can do. */
function judge(error: unknown, driver: Driver): Outcome {
  if (!(error instanceof Skipped)) return { status: 'failed', error: describeError(error) }
  const { capability } = error
  if (!driver.requests.capabilities[capability]) return { status: 'skipped', needs: capability }
  const text = `skipped for want of "${capability}", which the transport declares`
  return { status: 'failed', error: text }
}

function missingCapability(each: Case, driver: Driver): Capability | null {
  return (each.needs ?? []).find((name) => !driver.requests.capabilities[name]) ?? null
}

async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    const fail = (): void => {
      reject(new Error(`${what} took longer than ${String(limitMs)} milliseconds`))
    }
    timer = setTimeout(fail, limitMs)
  })
  // What the loser of the race does later is nobody's concern.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
