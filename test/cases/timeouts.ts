/** Limits of time: which one, in which phase, told with how far the call had come. */
import { equal, match, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { newTag } from '../harness/recorder.ts'

export const cases: readonly Case[] = [
  {
    name: 'timeouts: a handshake that never ends is a ConnectTimeoutError where that can be seen',
    needs: ['customCA'],
    run: async ({ requests, servers, capabilities }) => {
      const { ConnectTimeoutError, ReadTimeoutError, ConnectionError, TimeoutError } =
        requests.errors
      const timeout = { connect: 120, read: 120 }
      const error = await rejects(
        requests.get(`https://${servers.silent}/`, { timeout }),
        TimeoutError,
      )
      equal(error instanceof ConnectTimeoutError, capabilities.connectTimeout)
      equal(error instanceof ConnectionError, capabilities.connectTimeout, 'both parents')
      equal(error instanceof ReadTimeoutError, !capabilities.connectTimeout)
      match(error.message, /\d+ milliseconds/)
    },
  },
  {
    name: 'timeouts: the message says how many bytes had come, and after how long',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/hang-body?sent=10`
      const error = await rejects(
        requests.get(url, { timeout: { read: 150 } }),
        requests.errors.ReadTimeoutError,
      )
      match(error.message, /after \d+ milliseconds .* 10 received/)
      match(error.message, /^GET http:/)
    },
  },
  {
    name: 'timeouts: a server that stops reading an upload is a ReadTimeoutError',
    needs: ['streamUpload'],
    run: async ({ requests, servers }) => {
      const endless = async function* (): AsyncGenerator<Uint8Array> {
        for (;;) yield await Promise.resolve(new Uint8Array(65_536))
      }
      const url = `${servers.http}/never-read?tag=${newTag()}`
      await rejects(
        requests.post(url, { data: endless(), timeout: { read: 400 } }),
        requests.errors.ReadTimeoutError,
      )
    },
  },
  {
    name: 'timeouts: the total runs over redirects, and over waits between retries',
    run: async ({ requests, servers }) => {
      const { TotalTimeoutError } = requests.errors
      const target = encodeURIComponent('/delay/5000')
      const timeout = { total: 300 }
      const redirect = `${servers.http}/redirect-to?url=${target}&status=302`
      await rejects(requests.get(redirect, { timeout }), TotalTimeoutError)
      const retries = new requests.Retry({
        total: 5,
        statusForcelist: [503],
        backoffFactor: 60_000,
      })
      const tag = newTag()
      const started = Date.now()
      const url = `${servers.http}/sequence/503,503,200?tag=${tag}`
      await rejects(requests.get(url, { timeout, retries }), TotalTimeoutError)
      ok(Date.now() - started < 5000, 'not after the wait')
    },
  },
  {
    name: 'timeouts: null is no limit, and a slow source of an upload is not the silence of the peer',
    needs: ['streamUpload'],
    run: async ({ requests, servers }) => {
      const slow = async function* (): AsyncGenerator<string> {
        for (const piece of ['a', 'b', 'c']) {
          await new Promise((resolve) => setTimeout(resolve, 150))
          yield piece
        }
      }
      const url = `${servers.http}/echo`
      const response = await requests.post(url, { data: slow(), timeout: { read: 120 } })
      equal(response.status, 200)
      equal((await requests.get(`${servers.http}/delay/200`, { timeout: null })).status, 200)
    },
  },
]
