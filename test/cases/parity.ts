/** Behaviours that the test suite of Python's requests asks for, and no other case here. */
import { equal, ok, present, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { headFields, headValues } from '../harness/recorder.ts'
import { readEcho, sent, utf8 } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'parity: white space around a URL goes, schemes are of any case, two slashes stay',
    run: async ({ requests, servers }) => {
      const { host } = new URL(servers.http)
      for (const url of [` ${servers.http}/echo`, `HTTP://${host}/echo`, `hTTp://${host}/echo `]) {
        equal((await readEcho(await requests.get(url))).url, '/echo', url)
      }
      const to = encodeURIComponent(`HTTP://${host}/echo`)
      const moved = await requests.get(`${servers.http}/redirect-to?url=${to}`)
      equal(moved.url, `${servers.http}/echo`)
      const prepared = new requests.Request('GET', `http://${host}//v:h`).prepare()
      equal(prepared.url, `http://${host}//v:h`)
    },
  },
  {
    name: 'parity: params of a session are told from those of a call by their case',
    run: async ({ session, servers }) => {
      const own = session({ params: { foo: 'session' } })
      const { url } = await readEcho(
        await own.get(`${servers.http}/echo`, { params: { FOO: 'c' } }),
      )
      equal(url, '/echo?foo=session&FOO=c')
    },
  },
  {
    name: 'parity: long user-info of a URL is Basic, whole',
    run: async ({ requests }) => {
      await Promise.resolve()
      const long = 'abc'.repeat(200)
      const prepared = new requests.Request('GET', `http://${long}:pass%20word@h.test/`).prepare()
      equal(prepared.headers.get('authorization'), `Basic ${'YWJj'.repeat(200)}OnBhc3Mgd29yZA==`)
      equal(prepared.url, 'http://h.test/')
    },
  },
  {
    name: 'parity: a header is one whatever its case, given anew or removed',
    needs: ['anyHeader'],
    run: async ({ session, servers }) => {
      const own = session({ headers: { 'X-Foo': 'bar', ACCEPT: 'a/b' } })
      const headers = { 'x-FOO': null, accept: 'c/d', 'user-AGENT': 'mine/1' }
      const echo = await readEcho(await own.get(`${servers.http}/echo`, { headers }))
      equal(sent(echo, 'x-foo'), [])
      equal(sent(echo, 'accept'), ['c/d'])
      equal(sent(echo, 'user-agent'), ['mine/1'])
    },
  },
  {
    name: 'parity: a streamed upload keeps the Host of the caller, once',
    needs: ['streamUpload', 'hostHeader'],
    run: async ({ requests, recorder }) => {
      const recording = await recorder.play()
      const data = (async function* () {
        yield await Promise.resolve(utf8('a'))
      })()
      await requests.post(recording.url, { data, headers: { Host: 'other.test' } })
      const [request] = await recording.requests()
      const head = request?.head ?? ''
      equal(headValues(head, 'host'), ['other.test'])
      equal(
        headFields(head).filter(([name]) => /^content-length$/i.test(name)),
        [],
      )
    },
  },
  {
    name: 'parity: a redirect that is not followed may be read in part, and sent on by hand',
    needs: ['manualRedirect'],
    run: async ({ session, servers }) => {
      const own = session()
      const url = `${servers.http}/redirect/2`
      const first = await own.get(url, { allowRedirects: false, stream: true })
      for await (const chunk of first.iterContent(1)) {
        ok(chunk.length <= 1)
        break
      }
      const { next } = first
      present(next)
      const second = await own.send(next, { allowRedirects: false, stream: true })
      equal([second.isRedirect, second.url], [true, `${servers.http}/redirect/1`])
      present(second.next)
      const last = await own.send(second.next, { stream: true })
      equal((await readEcho(last)).url, '/echo')
      ok(last.elapsed >= 0)
    },
  },
  {
    name: 'parity: Digest counts its tries anew behind a redirect, and answers nothing but a 401',
    needs: ['nativeResponse'],
    run: async ({ session, requests, capabilities }) => {
      const seen: string[] = []
      const challenge = (nonce: string): Record<string, string> => ({
        'WWW-Authenticate': `Digest realm="r", nonce="${nonce}", qop="auth", algorithm=SHA-256`,
        'Set-Cookie': 'seen=1',
      })
      const own = session({ auth: new requests.DigestAuth('user', 'pass') })
      own.mount(
        'http://shop.test/',
        requests.handlerTransport(({ url, headers }) => {
          const nonce = /nonce="(\w+)"/.exec(headers.get('authorization') ?? '')?.[1] ?? 'none'
          const { pathname } = new URL(url)
          seen.push(`${pathname} ${nonce}`)
          if (pathname === '/fine') return new Response('fine', { headers: challenge('fine') })
          const wanted = pathname.slice(1)
          if (nonce !== wanted)
            return new Response(null, { status: 401, headers: challenge(wanted) })
          if (pathname === '/b') return new Response('end')
          return new Response(null, { status: 302, headers: { Location: '/b' } })
        }),
      )
      equal(await (await own.get('http://shop.test/a')).text(), 'end')
      equal(seen, ['/a none', '/a a', '/b a', '/b b'])
      seen.length = 0
      own.auth = new requests.DigestAuth('user', 'pass')
      equal((await own.get('http://shop.test/fine')).status, 200)
      equal(seen, ['/fine none'])
      if (capabilities.cookies) equal(own.cookies.get('seen'), '1')
    },
  },
  {
    name: 'parity: a copy of a prepared request is another one; a request is prepared first',
    run: async ({ session, requests, servers }) => {
      const own = session()
      const request = new requests.Request('POST', `${servers.http}/echo`, { data: { a: '1' } })
      const prepared = own.prepareRequest(request)
      const copy = prepared.copy()
      copy.headers.set('X-Copy', '1')
      copy.method = 'PUT'
      equal([prepared.method, prepared.headers.get('x-copy')], ['POST', null])
      equal(
        [copy.url, copy.headers.get('content-type')],
        [prepared.url, 'application/x-www-form-urlencoded'],
      )
      // What a caller without types may pass.
      await rejects(async () => own.send(request as never), TypeError)
    },
  },
  {
    name: 'parity: codes have the names of requests',
    run: async ({ requests }) => {
      await Promise.resolve()
      equal([requests.codes.ok, requests.codes.tooEarly, requests.codes.notFound], [200, 425, 404])
    },
  },
]
