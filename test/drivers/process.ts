/** The driver of runtimes that are processes (Node, Deno, Bun): runs the list, prints the results. */
import * as requests from 'ubiquest'
import { cases } from '../cases/index.ts'
import type { Servers } from '../harness/case.ts'
import { callWithFetch } from './context.ts'
import type { OpenTemp } from './context.ts'
import { describeError, encodeMessage } from './protocol.ts'
import type { DriverSettings, Report } from './protocol.ts'
import { chooseCases, runCases } from './run-cases.ts'
import { makeTemp } from './temp.ts'

const report: Report = (message) => {
  console.log(encodeMessage(message))
}

/** An unhandled rejection belongs to no case: it is a failure of the suite. */
export function reportFault(error: unknown): void {
  report({ kind: 'fault', error: describeError(error) })
}

/** Gives the servers back, for those who look for leaks afterwards. */
export async function runAll(settingsText: string): Promise<Servers> {
  // Written by the launcher, which shares the type.
  const settings = JSON.parse(settingsText) as DriverSettings<Servers>
  const { target, servers, only, temp } = settings
  const openTemp = temp === null ? null : async (): Promise<OpenTemp> => await makeTemp(temp)
  const driver = { requests, target, servers, call: callWithFetch, openTemp }
  await runCases(chooseCases(cases, only), driver, report)
  report({ kind: 'end' })
  return servers
}
