/** Hooks and flows that fail, or that take another answer: what becomes of the first one. */
import { equal, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { newTag } from '../harness/recorder.ts'
import { aborted } from './aborted.ts'

const ENDLESS = '/stream/1000000000'

function fail(): never {
  throw new RangeError('on purpose')
}

export const cases: readonly Case[] = [
  {
    name: 'hooks: what a hook or a flow throws gives the connection back, and the session closes',
    run: async (context) => {
      const { servers, session } = context
      const tag = newTag()
      const url = `${servers.http}${ENDLESS}?tag=${tag}`
      const own = session()
      await rejects(own.get(url, { maxBytes: 1000, hooks: { response: fail } }), RangeError)
      async function* flow(): AsyncGenerator<void, void> {
        await Promise.resolve()
        yield
        fail()
      }
      await rejects(own.get(url, { stream: true, auth: { flow } }), RangeError)
      await rejects(own.get(url, { auth: { flow } }), RangeError)
      await aborted(context, tag, 3)
      // What is streamed is still whole: the hook may have kept it.
      await rejects(own.get(url, { stream: true, hooks: { response: fail } }), RangeError)
      await own.close()
      await aborted(context, tag, 4)
    },
  },
  {
    name: 'hooks: the call ends at its time, by its signal and with its session while they go on',
    run: async ({ requests, servers, session }) => {
      let called = (): void => undefined
      const never = (): Promise<never> => {
        called()
        return new Promise(() => undefined)
      }
      const reached = (): Promise<void> => new Promise((resolve) => (called = resolve))
      async function* flow(): AsyncGenerator<void, void> {
        await never()
        yield
      }
      const rows = [
        { hooks: { request: never } },
        { hooks: { response: never } },
        { auth: never },
        { auth: { flow } },
        { retries: new requests.Retry({ statusForcelist: [201] }), hooks: { retry: never } },
      ]
      const url = `${servers.http}/status/201`
      for (const row of rows) {
        const own = session()
        const total = own.get(url, { ...row, timeout: { total: 30 } })
        await rejects(total, requests.errors.TotalTimeoutError)
        const controller = new AbortController()
        const once = reached()
        const aborted = rejects(own.get(url, { ...row, signal: controller.signal }), RangeError)
        await once
        controller.abort(new RangeError('enough'))
        await aborted
        const { ConnectionError } = requests.errors
        const again = reached()
        const closed = rejects(own.get(url, row), ConnectionError, { code: 'SESSION_CLOSED' })
        await again
        await own.close()
        await closed
      }
    },
  },
  {
    name: 'hooks: an answer that a hook or raiseForStatus throws can be read in the error',
    run: async ({ requests, servers, session }) => {
      const own = session()
      const response = (answer: { raiseForStatus(): unknown }): void => {
        answer.raiseForStatus()
      }
      for (const stream of [false, true]) {
        for (const options of [{ hooks: { response } }, { raiseForStatus: true }]) {
          const url = `${servers.http}/sequence/500?tag=${newTag()}`
          const call = own.get(url, { stream, ...options })
          const error = await rejects(call, requests.errors.HTTPError)
          equal(await (error as { response?: Response }).response?.text(), 'request 1')
        }
      }
    },
  },
  {
    name: 'hooks: an answer that is replaced gives its connection back, unless its body lives on',
    run: async (context) => {
      const { requests, servers, session } = context
      const tag = newTag()
      const url = `${servers.http}${ENDLESS}?tag=${tag}`
      const own = session()
      for (const stream of [false, true]) {
        const hooks = { response: () => new requests.Response('another') }
        equal(await (await own.get(url, { stream, hooks })).text(), 'another')
      }
      await aborted(context, tag, 2)
      const wrapped = await own.get(`${servers.http}/bytes/100000`, {
        hooks: { response: ({ body }) => new requests.Response(body, { status: 299 }) },
      })
      equal([wrapped.status, (await wrapped.bytes()).length], [299, 100_000])
    },
  },
]
