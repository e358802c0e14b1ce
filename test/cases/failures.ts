/** The fundamental faults: one class and one code for each, wherever the runtime can see it. */
import { equal, match, notOk, ok, present, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { httpAnswer } from '../harness/recorder.ts'

export const cases: readonly Case[] = [
  {
    name: 'failures: nobody listens',
    run: async ({ requests, servers, capabilities }) => {
      const error = await rejects(
        requests.get(`${servers.refused}/x`),
        requests.errors.ConnectionError,
      )
      if (capabilities.errorDetail) equal(error.code, 'CONNECTION_REFUSED')
      ok(requests.isConnectionError(error))
      notOk(requests.isTimeoutError(error))
      present(error.cause)
    },
  },
  {
    name: 'failures: a host that does not exist',
    run: async ({ requests, capabilities }) => {
      const error = await rejects(
        requests.get('http://does-not-exist.invalid/'),
        requests.errors.ConnectionError,
      )
      if (capabilities.errorDetail) equal(error.code, 'DNS_FAILED')
    },
  },
  {
    name: 'failures: a connection reset instead of an answer',
    run: async ({ requests, recorder, capabilities }) => {
      const recording = await recorder.play({ answers: [{ then: 'reset' }, { then: 'reset' }] })
      const error = await rejects(
        requests.post(recording.url, { data: 'x' }),
        requests.errors.ConnectionError,
      )
      if (capabilities.errorDetail) equal(error.code, 'CONNECTION_RESET')
      if (capabilities.postOnce) equal((await recording.requests()).length, 1, 'sent once')
    },
  },
  {
    name: 'failures: a body that ends before its length is an IncompleteBodyError',
    needs: ['cutBodySeen'],
    run: async ({ requests, servers, recorder }) => {
      await rejects(
        requests.get(`${servers.http}/bytes/100000?cut=5000`),
        requests.errors.IncompleteBodyError,
      )
      const send = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'
      const recording = await recorder.play({ answers: [{ send, then: 'end' }] })
      await rejects(requests.get(recording.url), requests.errors.IncompleteBodyError)
    },
  },
  {
    name: 'failures: what is not HTTP is a ConnectionError',
    run: async ({ requests, recorder }) => {
      const recording = await recorder.play({
        verbatim: true,
        answers: [{ send: 'SSH-2.0-OpenSSH_9.2\r\n', then: 'end' }],
      })
      await rejects(requests.post(recording.url), requests.errors.ConnectionError)
    },
  },
  {
    name: 'failures: no answer within timeout.read is a ReadTimeoutError',
    run: async ({ requests, servers }) => {
      const error = await rejects(
        requests.get(`${servers.http}/hang`, { timeout: { connect: 150, read: 150 } }),
        requests.errors.ReadTimeoutError,
        { code: 'READ_TIMEOUT', message: /milliseconds/ },
      )
      ok(requests.isTimeoutError(error))
    },
  },
  {
    name: 'failures: a body that stops is a ReadTimeoutError',
    run: async ({ requests, servers }) => {
      await rejects(
        requests.get(`${servers.http}/hang-body?sent=10`, { timeout: 300 }),
        requests.errors.ReadTimeoutError,
      )
      const streamed = await requests.get(`${servers.http}/hang-body?sent=10`, {
        timeout: 300,
        stream: true,
      })
      await rejects(streamed.bytes(), requests.errors.ReadTimeoutError)
    },
  },
  {
    name: 'failures: timeout.total bounds the whole call',
    run: async ({ requests, servers }) => {
      await rejects(
        requests.get(`${servers.http}/drip?bytes=1000&delay=50`, { timeout: { total: 400 } }),
        requests.errors.TotalTimeoutError,
        { code: 'TOTAL_TIMEOUT' },
      )
    },
  },
  {
    name: 'failures: slow but steady is no timeout',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/drip?bytes=10&delay=60`
      equal((await requests.get(url, { timeout: 450 })).content.length, 10)
    },
  },
  {
    name: 'failures: limits that are none are refused',
    run: async ({ requests, servers }) => {
      for (const timeout of [NaN, -1, 0, 2 ** 31]) {
        await rejects(requests.get(servers.http, { timeout }), TypeError, { message: /timeout/ })
      }
      await rejects(requests.get(servers.http, { verify: '' }), TypeError, { message: /verify/ })
    },
  },
  {
    name: 'failures: an untrusted, an expired and a foreign certificate are SSLErrors with their reason',
    needs: ['errorDetail', 'customCA'],
    run: async ({ requests, servers }) => {
      const { SSLError } = requests.errors
      await rejects(requests.get(`${servers.https}/echo`, { verify: true }), SSLError, {
        code: 'CERT_UNKNOWN_AUTHORITY',
      })
      const verify = servers.ca
      await rejects(requests.get(`${servers.expired}/echo`, { verify }), SSLError, {
        code: 'CERT_EXPIRED',
      })
      await rejects(requests.get(`${servers.wrongHost}/echo`, { verify }), SSLError, {
        code: 'CERT_WRONG_HOST',
      })
      await rejects(requests.get(`${servers.untrusted}/echo`, { verify }), SSLError, {
        code: 'CERT_SELF_SIGNED',
      })
    },
  },
  {
    name: 'failures: an own authority is trusted, and verification off is',
    needs: ['customCA', 'tlsVerifyOff'],
    run: async ({ requests, servers }) => {
      const url = `${servers.https}/echo`
      equal((await requests.get(url, { verify: servers.ca })).status, 200)
      equal((await requests.get(url, { verify: false })).status, 200)
      await rejects(requests.get(url, { verify: true }), requests.errors.SSLError)
    },
  },
  {
    name: 'failures: retries repeat what may be repeated, and no more',
    run: async ({ requests, servers, recorder, capabilities }) => {
      const retries = new requests.Retry({ total: 3, statusForcelist: [503] })
      const tag = `t${Math.random().toString(36).slice(2)}`
      const url = `${servers.http}/sequence/503,503,200?tag=${tag}`
      equal(await (await requests.get(url, { retries })).text(), 'request 3')
      const recording = await recorder.play({
        answers: [{ then: 'reset' }, { then: 'reset' }, { send: httpAnswer(200, {}, 'third') }],
      })
      equal(await (await requests.get(recording.url, { retries })).text(), 'third')
      const posting = await recorder.play({ answers: [{ then: 'reset' }, { then: 'reset' }] })
      await rejects(
        requests.post(posting.url, { retries, data: 'x' }),
        requests.errors.ConnectionError,
      )
      if (capabilities.postOnce) equal((await posting.requests()).length, 1)
    },
  },
  {
    name: 'failures: errors carry method and URL, and guards know them',
    run: async ({ requests, servers }) => {
      const error = await rejects(
        requests.get(`${servers.refused}/x?password=hunter2&a=1`),
        requests.errors.RequestError,
      )
      match(error.message, /GET/)
      match(error.message, /\/x\?/)
      notOk(error.message.includes('hunter2'))
      equal(Object.keys(error).includes('request'), false)
    },
  },
]
