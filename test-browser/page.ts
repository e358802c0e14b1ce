/** The driver of the browsers: a page that fetches its settings, runs the list and posts the results. */
import * as requests from 'ubiquest'
import { cases } from '../test/cases/index.ts'
import { callWithFetch } from '../test/drivers/context.ts'
import { describeError, encodeMessage } from '../test/drivers/protocol.ts'
import type { DriverSettings, Message } from '../test/drivers/protocol.ts'
import { chooseCases, runCases } from '../test/drivers/run-cases.ts'
import type { Servers } from '../test/harness/case.ts'
import { isReloaded, runReloaded } from './reloaded.ts'

/** Posted one after another, so that they arrive in order. */
let posted = Promise.resolve()

function report(message: Message): void {
  posted = posted.then(async () => {
    await fetch('/report', { method: 'POST', body: encodeMessage(message) })
  })
}

addEventListener('unhandledrejection', (event) => {
  report({ kind: 'fault', error: describeError(event.reason) })
})
addEventListener('error', (event) => {
  report({ kind: 'fault', error: describeError(event.error ?? event.message) })
})

if (isReloaded()) await runReloaded()
else await drive()

async function drive(): Promise<void> {
  const settings = await fetch('/settings')
  // Written by the launcher, which shares the type.
  const { target, servers, only } = (await settings.json()) as DriverSettings<Servers>
  const driver = { requests, target, servers, call: callWithFetch, openTemp: null }
  await runCases(chooseCases(cases, only), driver, report)
  report({ kind: 'end' })
}
