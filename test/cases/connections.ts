/** Connections: kept, shared, counted, replaced when they are dead, closed with their session. */
import { equal, ok, present, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { headValues, httpAnswer, newTag } from '../harness/recorder.ts'
import { readEcho, sent } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'connections: one that dies under a GET is replaced, once and in silence',
    needs: ['pool'],
    run: async ({ session, recorder }) => {
      const own = session()
      const answers = [
        { send: httpAnswer(200, {}, 'first') },
        { then: 'reset' },
        { send: httpAnswer(200, {}, 'third') },
      ] as const
      const recording = await recorder.play({ answers })
      equal(await (await own.get(recording.url)).text(), 'first')
      equal(await (await own.get(recording.url)).text(), 'third')
      const seen = await recording.requests()
      equal(
        seen.map(({ connection }) => connection === seen[0]?.connection),
        [true, true, false],
      )
    },
  },
  {
    name: 'connections: one that dies under a POST is an error, and the POST arrives once',
    needs: ['postOnce', 'pool'],
    run: async ({ session, requests, recorder }) => {
      for (const data of ['a body', new Uint8Array(300_000), null]) {
        const own = session()
        const answers = [{ send: httpAnswer(200, {}, 'first') }, { then: 'reset' }] as const
        const recording = await recorder.play({ answers })
        await own.get(recording.url)
        await rejects(own.post(recording.url, { data }), requests.errors.ConnectionError, {
          code: 'CONNECTION_RESET',
        })
        const seen = await recording.requests()
        equal(seen.length, 2)
        equal(seen[0]?.connection, seen[1]?.connection, 'it was the kept connection')
      }
    },
  },
  {
    name: 'connections: no PATCH and no stream is repeated behind the back of the caller',
    needs: ['postOnce', 'pool', 'streamUpload'],
    run: async ({ session, requests, recorder }) => {
      const stream = async function* (): AsyncGenerator<string> {
        yield await Promise.resolve('streamed')
      }
      const own = session()
      for (const [method, data] of [['PATCH', 'x'] as const, ['PUT', stream()] as const]) {
        const answers = [{ send: httpAnswer(200, {}, 'first') }, { then: 'reset' }] as const
        const recording = await recorder.play({ answers })
        await own.get(recording.url)
        await rejects(own.request(method, recording.url, { data }), requests.errors.ConnectionError)
        equal((await recording.requests()).length, 2, method)
      }
    },
  },
  {
    name: 'connections: are counted where they are ours, and bounded as asked',
    needs: ['pool'],
    run: async ({ session, servers }) => {
      const own = session({ pool: { maxConnections: 2 } })
      const calls = Array.from({ length: 6 }, () => own.get(`${servers.http}/delay/40`))
      await Promise.all(calls)
      const stats = own.stats()
      if (stats === null) return
      equal([stats.created, stats.requests, stats.open, stats.idle], [2, 6, 2, 2])
      equal(stats.reused, 4)
      await own.close()
      equal(own.stats()?.open, 0)
    },
  },
  {
    name: 'connections: closing the session closes them',
    needs: ['pool'],
    run: async ({ session, servers, control }) => {
      const tag = newTag()
      const own = session()
      await own.get(`${servers.http}/echo?tag=${tag}`)
      await own.close()
      await control(`/wait?tag=${tag}&event=disconnected`)
    },
  },
  {
    name: 'connections: Connection: close is said, and keeps none',
    needs: ['anyHeader', 'pool'],
    run: async ({ session, recorder, servers }) => {
      const recording = await recorder.play()
      const own = session({ headers: { Connection: 'close' } })
      await own.get(recording.url)
      const [request] = await recording.requests()
      equal(headValues(request?.head ?? '', 'connection'), ['close'])
      const [one, other] = [
        await own.get(`${servers.http}/echo`),
        await own.get(`${servers.http}/echo`),
      ]
      ok((await readEcho(one)).connection !== (await readEcho(other)).connection)
    },
  },
  {
    name: 'connections: one call does not wait for another on the same host',
    run: async ({ session, servers }) => {
      const own = session()
      const urls = Array.from({ length: 4 }, (_, at) => `${servers.http}/echo?at=${String(at)}`)
      const echoes = await Promise.all(urls.map(async (url) => readEcho(await own.get(url))))
      equal(
        echoes.map(({ url }) => url),
        urls.map((url) => url.slice(servers.http.length)),
      )
    },
  },
  {
    name: 'connections: the time of each step is told where it is known',
    run: async ({ session, servers, capabilities }) => {
      const own = session()
      const first = await own.get(`${servers.http}/delay/30`)
      const { timings } = first
      present(timings)
      ok(timings.firstByte >= 25 && timings.firstByte === first.elapsed, 'until the first byte')
      ok((timings.total ?? 0) >= timings.firstByte, 'until the end')
      if (capabilities.connectTimeout) {
        for (const step of ['dns', 'connect', 'tls'] as const) ok((timings[step] ?? -1) >= 0, step)
        const second = await own.get(`${servers.http}/echo`)
        equal([second.timings?.connect, second.timings?.tls], [0, 0], 'on a kept connection')
      }
      const streamed = await own.get(`${servers.http}/bytes/10`, { stream: true })
      await streamed.bytes()
      ok((streamed.timings?.total ?? -1) >= 0)
    },
  },
  {
    name: 'connections: HTTP/2 carries many calls over one connection',
    needs: ['pool', 'customCA', 'connectTimeout'],
    run: async ({ session, servers }) => {
      const own = session({ http2: true, verify: servers.ca })
      const url = `${servers.h2}/echo`
      const responses = await Promise.all(Array.from({ length: 20 }, () => own.get(url)))
      equal(new Set(responses.map(({ httpVersion }) => httpVersion)), new Set(['2']))
      equal(own.stats()?.created, 1)
      const headers = { TE: 'gzip', 'Proxy-Connection': 'keep-alive', 'X-Kept': '1' }
      const posted = await Promise.all([1, 2, 3].map((json) => own.post(url, { json, headers })))
      for (const response of posted) {
        const echo = await readEcho(response)
        equal(
          [sent(echo, 'te'), sent(echo, 'proxy-connection'), sent(echo, 'x-kept')],
          [[], [], ['1']],
        )
      }
      equal(own.stats()?.created, 1)
      const other = session({ http2: true, verify: servers.ca })
      const plain = await other.get(`${servers.https}/echo`)
      equal(plain.httpVersion, '1.1', 'with a server that knows no other')
    },
  },
  {
    name: 'connections: the version of HTTP is told, or null',
    run: async ({ requests, servers, capabilities }) => {
      const { httpVersion } = await requests.get(`${servers.http}/echo`)
      if (capabilities.connectTimeout) equal(httpVersion, '1.1')
      else ok(httpVersion === null || httpVersion === '1.1')
    },
  },
  {
    name: 'connections: a transport of its own speaks to a unix socket, whatever the proxy',
    needs: ['unixSocket'],
    run: async ({ session, requests, servers, skip }) => {
      const path = servers.unix
      if (path === null) return skip('unixSocket')
      const own = session({ proxies: { all: servers.refused } })
      own.mount('http://local.test/', requests.transport({ socketPath: path }))
      const echo = await readEcho(await own.post('http://local.test/echo?a=1', { json: { b: 2 } }))
      equal([echo.method, echo.url], ['POST', '/echo?a=1'])
      const missing = requests.transport({ socketPath: `${path}.not` })
      own.mount('http://missing.test/', missing)
      await rejects(own.get('http://missing.test/'), requests.errors.ConnectionError, {
        code: 'CONNECTION_REFUSED',
      })
      await missing.close()
    },
  },
  {
    name: 'connections: settings that a transport cannot honour are refused, wrong ones everywhere',
    run: async ({ requests, capabilities }) => {
      const refusals: (readonly [boolean, () => unknown])[] = [
        [capabilities.unixSocket, () => requests.transport({ socketPath: '/tmp/x.sock' })],
        [capabilities.addressPolicy, () => requests.transport({ allowAddress: 'public' })],
        [capabilities.customCA, () => requests.transport({ tls: { minVersion: 'TLSv1.3' } })],
      ]
      for (const [can, open] of refusals) {
        if (can) continue
        await rejects(Promise.resolve().then(open), requests.errors.UnsupportedError)
      }
      for (const maxConnections of [NaN, -1, 2 ** 40]) {
        const open = (): unknown => requests.transport({ pool: { maxConnections } })
        await rejects(Promise.resolve().then(open), TypeError, { message: /maxConnections/ })
      }
    },
  },
  {
    name: 'connections: hundreds of calls on one signal end with it, and free what they held',
    run: async ({ session, servers, control, requests, capabilities }) => {
      const tag = newTag()
      const own = session()
      const controller = new AbortController()
      const reason = new requests.errors.RequestError('enough')
      const count = capabilities.pool ? 100 : 5
      const url = `${servers.http}/hang?tag=${tag}`
      const calls = Array.from({ length: count }, (_, at) =>
        own.get(`${url}&n=${String(at)}`, { signal: controller.signal }).catch((e: unknown) => e),
      )
      await control(`/wait?tag=${tag}&event=request&count=${String(capabilities.pool ? count : 1)}`)
      controller.abort(reason)
      for (const outcome of await Promise.all(calls)) ok(outcome === reason, 'the very reason')
      equal((await own.get(`${servers.http}/echo`)).status, 200)
    },
  },
]
