/** Retries: what is repeated, how often, after which wait, and what the error then tells. */
import { equal, match, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { httpAnswer, newTag } from '../harness/recorder.ts'

const CUT = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this much'

export const cases: readonly Case[] = [
  {
    name: 'retries: a body that is cut off while it is read is repeated',
    needs: ['cutBodySeen'],
    run: async ({ requests, recorder }) => {
      const answers = [{ send: CUT, then: 'end' }, { send: httpAnswer(200, {}, 'whole') }] as const
      const recording = await recorder.play({ answers })
      equal(await (await requests.get(recording.url, { retries: 1 })).text(), 'whole')
      const streaming = await recorder.play({ answers })
      const response = await requests.get(streaming.url, { retries: 1, stream: true })
      await rejects(response.text(), requests.errors.IncompleteBodyError)
    },
  },
  {
    name: 'retries: an error for a status tells every attempt, and holds the last answer',
    run: async ({ requests, servers }) => {
      const retries = new requests.Retry({ total: 2, statusForcelist: [502, 503] })
      const url = `${servers.http}/sequence/503,502,503?tag=${newTag()}`
      const error = await rejects(requests.get(url, { retries }), requests.errors.RetryError)
      match(error.message, /3 times.*503, 502, 503/)
      const history = Reflect.get(error, 'history') as readonly { readonly status: number }[]
      equal(
        history.map(({ status }) => status),
        [503, 502, 503],
      )
      equal(Reflect.get(Reflect.get(error, 'response') as object, 'status'), 503)
      const quiet = new requests.Retry({ total: 1, statusForcelist: [503], raiseOnStatus: false })
      const again = `${servers.http}/sequence/503?tag=${newTag()}`
      equal((await requests.get(again, { retries: quiet })).status, 503)
    },
  },
  {
    name: 'retries: a POST is repeated only with a key, a stream never, and the error says why',
    needs: ['streamUpload', 'postOnce'],
    run: async ({ requests, recorder }) => {
      const answers = [{ then: 'reset' }, { send: httpAnswer(200, {}, 'second') }] as const
      const { errors } = requests
      const plain = await recorder.play({ answers })
      await rejects(requests.post(plain.url, { data: 'x', retries: 2 }), errors.ConnectionError)
      const keyed = await recorder.play({ answers })
      const headers = { 'Idempotency-Key': newTag() }
      const answer = await requests.post(keyed.url, { data: 'x', retries: 2, headers })
      equal(await answer.text(), 'second')
      const once = async function* (): AsyncGenerator<string> {
        yield await Promise.resolve('x')
      }
      const streamed = await recorder.play({ answers })
      const error = await rejects(
        requests.put(streamed.url, { data: once(), retries: 2 }),
        errors.UnrewindableBodyError,
      )
      match(error.message, /only once/)
      ok(requests.isConnectionError(error.cause), 'the failure is the cause')
      const anew = await recorder.play({ answers })
      equal(await (await requests.put(anew.url, { data: once, retries: 2 })).text(), 'second')
    },
  },
  {
    name: 'retries: Retry-After is waited for, up to the cap',
    run: async ({ requests, servers }) => {
      const header = encodeURIComponent('Retry-After: 3600')
      const url = `${servers.http}/sequence/503,200?tag=${newTag()}&header=${header}`
      const retries = new requests.Retry({ total: 1, retryAfterMax: 150 })
      const started = Date.now()
      equal((await requests.get(url, { retries })).status, 200)
      const took = Date.now() - started
      ok(took >= 140 && took < 10_000, `after ${String(took)} milliseconds`)
    },
  },
  {
    name: 'retries: a hook hears of each, and may forbid it',
    run: async ({ requests, servers }) => {
      const heard: number[] = []
      const retry = ({ attempt }: { readonly attempt: number }): boolean | undefined => {
        heard.push(attempt)
        return attempt < 2 ? undefined : false
      }
      const retries = new requests.Retry({ total: 5, statusForcelist: [503] })
      const url = `${servers.http}/sequence/503?tag=${newTag()}`
      equal((await requests.get(url, { retries, hooks: { retry } })).status, 503)
      equal(heard, [1, 2])
    },
  },
  {
    name: 'retries: one budget for the whole call, redirects included',
    run: async ({ requests, servers, control }) => {
      const tag = newTag()
      const target = encodeURIComponent(`/sequence/503?tag=${tag}`)
      const retries = new requests.Retry({ total: 2, statusForcelist: [503] })
      const url = `${servers.http}/redirect-to?url=${target}&status=302`
      await rejects(requests.get(url, { retries }), requests.errors.RetryError)
      const stats = (await control(`/stats?tag=${tag}`)) as Record<string, unknown>
      match(JSON.stringify(stats), /\/sequence\/503":\s*3\b/)
    },
  },
]
