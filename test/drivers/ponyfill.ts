/** The cases as the bundle that a context without fetch and streams loads; the host calls `run`. */
import * as requests from 'ubiquest'
import { cases } from '../cases/index.ts'
import type { Servers } from '../harness/case.ts'
import type { Call } from '../harness/recorder.ts'
import type { DriverSettings, Report } from './protocol.ts'
import { chooseCases, runCases } from './run-cases.ts'

export async function run(settingsText: string, call: Call, report: Report): Promise<void> {
  // Written by the launcher, which shares the type.
  const { target, servers, only } = JSON.parse(settingsText) as DriverSettings<Servers>
  const driver = { requests, target, servers, call, openTemp: null }
  await runCases(chooseCases(cases, only), driver, report)
}
