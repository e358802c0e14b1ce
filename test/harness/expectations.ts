/** What each target is expected to skip and to fail, and the comparison, which holds both ways. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import type { CaseResult, Message } from '../drivers/protocol.ts'

export interface Expectations {
  /** What the default transport declares; the table of the documentation is made from it. */
  readonly capabilities: Readonly<Record<string, boolean>>
  /** Case → the capability whose absence explains the skip. */
  readonly skipped: Readonly<Record<string, string>>
  /** Case → why it fails. Written by hand: nobody gets used to failures by accident. */
  readonly failing: Readonly<Record<string, string>>
}
export interface Problem {
  readonly name: string
  readonly text: string
}
export interface Verdict {
  readonly passed: number
  readonly skipped: number
  /** Failures that are expected, with a reason. */
  readonly gaps: number
  readonly problems: readonly Problem[]
}

/** `names` are the cases that were to run; `complete` when they are the whole list. */
export function compare(
  names: readonly string[],
  messages: readonly Message[],
  expectations: Expectations,
  complete: boolean,
): Verdict {
  const results = messages.filter((each) => each.kind === 'result')
  const problems: Problem[] = []
  const counts = { passed: 0, skipped: 0, gaps: 0 }
  for (const name of names) {
    const problem = judge(name, results, expectations)
    if (problem !== null) problems.push({ name, text: problem })
    else counts[columnOf(name, results)] += 1
  }
  for (const { name } of results)
    if (!names.includes(name)) problems.push({ name, text: 'ran, but is not in the list' })
  for (const each of messages)
    if (each.kind === 'fault') problems.push({ name: 'outside of any case', text: each.error })
  problems.push(...changedCapabilities(messages, expectations))
  return { ...counts, problems: complete ? [...problems, ...stale(names, expectations)] : problems }
}

export async function readExpectations(path: string): Promise<Expectations> {
  if (!existsSync(path)) return { capabilities: {}, skipped: {}, failing: {} }
  // The files are written by `updateExpectations` and reviewed.
  const read = JSON.parse(await readFile(path, 'utf8')) as Partial<Expectations>
  return {
    capabilities: read.capabilities ?? {},
    skipped: read.skipped ?? {},
    failing: read.failing ?? {},
  }
}

/** Takes capabilities and skips over as they are; `failing` stays as it is. */
export async function updateExpectations(
  path: string,
  messages: readonly Message[],
): Promise<void> {
  const { failing } = await readExpectations(path)
  const skips = messages.flatMap((each) =>
    each.kind === 'result' && each.status === 'skipped' ? [[each.name, each.needs ?? '']] : [],
  )
  const skipped: unknown = Object.fromEntries(skips)
  const capabilities = declaredBy(messages) ?? {}
  await writeFile(path, JSON.stringify({ capabilities, skipped, failing }, null, 2) + '\n')
}

/** Nothing is compared where the driver did not come that far: its cases are missing already. */
function changedCapabilities(
  messages: readonly Message[],
  { capabilities }: Expectations,
): Problem[] {
  const declared = declaredBy(messages)
  if (declared === null) return []
  const names = [...new Set([...Object.keys(declared), ...Object.keys(capabilities)])]
  const changed = names.filter((name) => declared[name] !== capabilities[name])
  return changed.map((name) => {
    const [is, was] = [declared[name], capabilities[name]].map((each) => String(each ?? 'absent'))
    return { name: `capability ${name}`, text: `is ${is ?? ''}, listed is ${was ?? ''}` }
  })
}

function declaredBy(messages: readonly Message[]): Readonly<Record<string, boolean>> | null {
  return messages.find((each) => each.kind === 'capabilities')?.capabilities ?? null
}

function judge(
  name: string,
  results: readonly CaseResult[],
  { skipped, failing }: Expectations,
): string | null {
  const [result, again] = results.filter((each) => each.name === name)
  if (result === undefined) return 'no result: the driver ended or fell silent before'
  if (again !== undefined) return 'two results'
  const capability = skipped[name]
  if (result.status === 'failed')
    return name in failing ? null : (result.error ?? 'failed without an error')
  if (name in failing) return `unexpected: ${result.status}, although listed as failing`
  if (result.status === 'skipped' && result.needs !== capability)
    return `unexpected skip: needs "${result.needs ?? ''}", listed is "${capability ?? 'nothing'}"`
  if (result.status === 'passed' && capability !== undefined)
    return `unexpected pass: listed as skipped for want of "${capability}"`
  return null
}

function columnOf(name: string, results: readonly CaseResult[]): 'passed' | 'skipped' | 'gaps' {
  const status = results.find((each) => each.name === name)?.status
  return status === 'failed' ? 'gaps' : (status ?? 'gaps')
}

function stale(names: readonly string[], { skipped, failing }: Expectations): Problem[] {
  const listed = [...Object.keys(skipped), ...Object.keys(failing)]
  const gone = listed.filter((name) => !names.includes(name))
  return gone.map((name) => ({ name, text: 'is listed in the expectations, but is no case' }))
}
