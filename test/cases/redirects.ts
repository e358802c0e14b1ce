/** Redirects: method, body, headers, cookies and history of every hop. */
import { bytesEqual, equal, match, ok, present, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { bodyText, readEcho, sent, utf8 } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'redirects: a chain is followed to its end',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/redirect/3?q=1`)
      equal((await readEcho(response)).url, '/echo?q=1')
      equal(response.url, `${servers.http}/echo?q=1`)
      equal(response.redirected, true)
    },
  },
  {
    name: 'redirects: history holds every hop, oldest first',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/redirect/3`)
      equal(
        response.history.map(({ status, url }) => [status, url.slice(servers.http.length)]),
        [
          [302, '/redirect/3'],
          [302, '/redirect/2'],
          [302, '/redirect/1'],
        ],
      )
      equal(response.history[2]?.history.length, 2)
      ok(response.history.every((hop) => hop.isRedirect))
    },
  },
  {
    name: 'redirects: allowRedirects false shows the answer and what would come next',
    needs: ['manualRedirect'],
    run: async ({ session, servers }) => {
      const own = session()
      const response = await own.get(`${servers.http}/redirect/1?a=b`, { allowRedirects: false })
      equal(response.status, 302)
      equal(response.headers.get('location'), '/echo?a=b')
      equal(response.history.length, 0)
      match(await response.text(), /see \/echo/)
      present(response.next)
      equal(response.next.url, `${servers.http}/echo?a=b`)
      equal((await readEcho(await own.send(response.next))).url, '/echo?a=b')
    },
  },
  {
    name: 'redirects: where the browser follows, asking for less is an UnsupportedError',
    run: async ({ requests, servers, capabilities }) => {
      const response = requests.get(`${servers.http}/redirect/1`, { allowRedirects: false })
      if (capabilities.manualRedirect) equal((await response).status, 302)
      else await rejects(response, requests.errors.UnsupportedError, { message: /allowRedirects/ })
    },
  },
  {
    name: 'redirects: only POST becomes GET at 301 and 302; 303 changes all; 307 and 308 none',
    run: async ({ requests, servers }) => {
      const expected: Record<number, Record<string, string>> = {
        301: { POST: 'GET', PUT: 'PUT', DELETE: 'DELETE' },
        302: { POST: 'GET', PUT: 'PUT', DELETE: 'DELETE' },
        303: { POST: 'GET', PUT: 'GET', DELETE: 'GET' },
        307: { POST: 'POST', PUT: 'PUT', DELETE: 'DELETE' },
        308: { POST: 'POST', PUT: 'PUT', DELETE: 'DELETE' },
      }
      for (const [status, methods] of Object.entries(expected)) {
        for (const [before, after] of Object.entries(methods)) {
          const url = `${servers.http}/redirect/1?status=${status}`
          const echo = await readEcho(await requests.request(before, url, { data: 'body' }))
          const kept = after === before
          equal(
            [echo.method, bodyText(echo)],
            [after, kept ? 'body' : ''],
            `${before} at ${status}`,
          )
        }
      }
    },
  },
  {
    name: 'redirects: a body that is left behind takes its headers along',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      const echo = await readEcho(
        await requests.post(`${servers.http}/redirect/1?status=303`, {
          json: { a: 1 },
          headers: { 'Content-Language': 'de', 'X-Keep': 'yes' },
        }),
      )
      equal(echo.method, 'GET')
      equal(sent(echo, 'content-type'), [])
      equal(sent(echo, 'content-language'), [])
      equal(sent(echo, 'x-keep'), ['yes'])
      equal(echo.framing, { contentLength: null, transferEncoding: null })
    },
  },
  {
    name: 'redirects: bytes are sent again at 307, a function is called again',
    needs: ['manualRedirect', 'streamUpload'],
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/redirect/2?status=307`
      const bytes = utf8('twice')
      const echo = await readEcho(await requests.post(url, { data: bytes }))
      bytesEqual(utf8(bodyText(echo)), bytes)
      let calls = 0
      const data = (): AsyncGenerator<Uint8Array> => {
        calls++
        return (async function* () {
          yield await Promise.resolve(bytes)
        })()
      }
      equal(bodyText(await readEcho(await requests.post(url, { data }))), 'twice')
      equal(calls, 3)
    },
  },
  {
    name: 'redirects: a stream that has been sent is an UnrewindableBodyError at 307',
    needs: ['manualRedirect', 'streamUpload'],
    run: async ({ requests, servers }) => {
      const data = (async function* () {
        yield await Promise.resolve(utf8('once'))
      })()
      await rejects(
        requests.post(`${servers.http}/redirect/1?status=307`, { data }),
        requests.errors.UnrewindableBodyError,
        { message: /function/ },
      )
    },
  },
  {
    name: 'redirects: another origin sees no credentials, the same origin does',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      const headers = {
        Authorization: 'Bearer secret',
        'X-API-Key': 'secret',
        'x-mine': 'secret',
        'X-Plain': 'seen',
      }
      const session = new requests.Session({ secretHeaders: ['X-Mine'] })
      const hop = async (to: string): Promise<string[][]> => {
        const url = `${servers.http}/redirect-to?url=${encodeURIComponent(`${to}/echo`)}`
        const echo = await readEcho(await session.get(url, { headers, cookies: { own: 'secret' } }))
        return ['authorization', 'x-api-key', 'x-mine', 'cookie', 'x-plain'].map((name) =>
          sent(echo, name),
        )
      }
      const seen = [['Bearer secret'], ['secret'], ['secret'], ['own=secret'], ['seen']]
      equal(await hop(''), seen)
      equal(await hop(servers.other), [[], [], [], [], ['seen']])
      await session.close()
    },
  },
  {
    name: 'redirects: more than maxRedirects is a TooManyRedirectsError with the last response',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      const error = await rejects(
        requests.get(`${servers.http}/redirect/5`, { maxRedirects: 3 }),
        requests.errors.TooManyRedirectsError,
        { message: /3/ },
      )
      present(error.response)
      await rejects(
        requests.get(`${servers.http}/redirect-loop`),
        requests.errors.TooManyRedirectsError,
      )
    },
  },
  {
    name: 'redirects: a Location of another scheme is refused',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      for (const target of ['file:///etc/passwd', 'data:text/plain,x', 'ftp://127.0.0.1/']) {
        await rejects(
          requests.get(`${servers.http}/redirect-to?url=${encodeURIComponent(target)}`),
          requests.errors.InvalidURLError,
        )
      }
    },
  },
  {
    name: 'redirects: a redirect hook may veto a hop',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      const seen: string[] = []
      const response = await requests.get(`${servers.http}/redirect/3`, {
        hooks: {
          redirect: ({ to }) => {
            seen.push(to.slice(servers.http.length))
            return to.endsWith('/redirect/1') ? false : undefined
          },
        },
      })
      equal(seen, ['/redirect/2', '/redirect/1'])
      equal(response.status, 302)
      equal(response.url, `${servers.http}/redirect/2`)
    },
  },
  {
    name: 'redirects: 303 drops the body of a GET too, and leaves HEAD alone',
    needs: ['manualRedirect', 'bodyOnGet'],
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/redirect/1?status=303`
      const echo = await readEcho(await requests.get(url, { json: { q: 1 } }))
      equal([echo.method, bodyText(echo), sent(echo, 'content-type')], ['GET', '', []])
      equal((await requests.head(url)).request?.method, 'HEAD')
    },
  },
  {
    name: 'redirects: a loop is told as one, with its history',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      const error = await rejects(
        requests.get(`${servers.http}/redirect-loop`, { maxRedirects: 4 }),
        requests.errors.TooManyRedirectsError,
        { code: 'REDIRECT_LOOP', message: /loop of 1/ },
      )
      equal((error.response as { history?: unknown[] } | undefined)?.history?.length, 4)
    },
  },
  {
    name: 'redirects: fragments are inherited unless Location has its own, bytes are kept',
    needs: ['manualRedirect'],
    run: async ({ requests, servers, recorder }) => {
      const to = async (location: string): Promise<string> => {
        const url = `${servers.http}/redirect-to?url=${encodeURIComponent(location)}#from`
        const { next } = await requests.get(url, { allowRedirects: false })
        return next?.url.slice(servers.http.length) ?? ''
      }
      equal(await to('/echo'), '/echo#from')
      equal(await to('/echo#own'), '/echo#own')
      equal(await to('echo?a=b c'), '/echo?a=b%20c#from')
      const head = 'HTTP/1.1 302 Found\r\nLocation: ?\u00e9=\u00fc\r\nContent-Length: 0\r\n\r\n'
      const play = await recorder.play({ answers: [{ send: head }, { send: OK }] })
      await requests.get(play.url)
      const [, second] = await play.requests({ complete: 2 })
      match(second?.head, /^GET \S*\?%C3%A9=%C3%BC HTTP/)
    },
  },
  {
    name: 'redirects: what was for one origin does not go with a next that is sent by hand',
    needs: ['manualRedirect'],
    run: async ({ session, servers }) => {
      const own = session()
      const target = encodeURIComponent(`${servers.other}/echo`)
      const { next } = await own.get(`${servers.http}/redirect-to?url=${target}`, {
        allowRedirects: false,
        auth: ['user', 'secret'],
        cookies: { mine: 'secret' },
      })
      present(next)
      const echo = await readEcho(await own.send(next))
      equal([sent(echo, 'authorization'), sent(echo, 'cookie')], [[], []])
    },
  },
]

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
