/** The driver of workerd: a worker that runs the one case it is asked for and answers with results. */
import * as requests from 'ubiquest'
import { cases } from '../cases/index.ts'
import type { Servers } from '../harness/case.ts'
import { callWithFetch } from './context.ts'
import { describeError } from './protocol.ts'
import type { DriverSettings, Message } from './protocol.ts'
import { runCase } from './run-cases.ts'

/** Rejections that nobody handled since the last answer; plain data may cross invocations. */
const faults: string[] = []

addEventListener('unhandledrejection', (event) => {
  faults.push(describeError(event.reason))
})

// A worker is its default export; the runtime asks for it.
export default {
  async fetch(request: Request): Promise<Response> {
    // Written by the launcher, which shares the type.
    const { target, servers, only } = (await request.json()) as DriverSettings<Servers>
    const each = cases.find(({ name }) => name === only)
    if (each === undefined) return new Response(`no case "${String(only)}"`, { status: 404 })
    const driver = { requests, target, servers, call: callWithFetch, openTemp: null }
    const capabilities = { ...requests.capabilities }
    const declared = { kind: 'capabilities', capabilities } as const
    const messages: Message[] = [declared, await runCase(each, driver)]
    for (const error of faults.splice(0)) messages.push({ kind: 'fault', error })
    return Response.json(messages)
  },
}
