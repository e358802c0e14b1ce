/** The verbs, the query and the header fields: what is asked for is what goes on the wire. */
import { equal, match, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { bodyText, readEcho, sent } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'requests: get() of a one-shot call reads the answer',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/echo?a=1`)
      equal(response.status, 200)
      ok(response.ok)
      equal(response.url, `${servers.http}/echo?a=1`)
      equal(response.redirected, false)
      equal(response.headers.get('content-type')?.split(';')[0], 'application/json')
      const echo = await readEcho(response)
      equal(echo.method, 'GET')
      equal(echo.url, '/echo?a=1')
      equal(echo.bodyLength, 0)
    },
  },
  {
    name: 'requests: every verb sends its own method',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const { post, put, patch, delete: del, options } = requests
      for (const [verb, method] of [
        [post, 'POST'],
        [put, 'PUT'],
        [patch, 'PATCH'],
        [del, 'DELETE'],
        [options, 'OPTIONS'],
      ] as const) {
        equal((await readEcho(await verb(url))).method, method)
      }
      equal((await readEcho(await requests.request('get', url))).method, 'GET')
      const head = await requests.head(url)
      equal(head.status, 200)
      equal(await head.text(), '')
      equal(head.body, null)
    },
  },
  {
    name: 'requests: a lower-case patch is sent as PATCH',
    run: async ({ requests, servers }) => {
      equal(
        (await readEcho(await requests.request('patch', `${servers.http}/echo`))).method,
        'PATCH',
      )
    },
  },
  {
    name: 'requests: POST, PUT and PATCH without a body say Content-Length: 0',
    needs: ['anyHeader'],
    run: async ({ requests, servers }) => {
      for (const method of ['POST', 'PUT', 'PATCH']) {
        const echo = await readEcho(await requests.request(method, `${servers.http}/echo`))
        equal(echo.framing, { contentLength: '0', transferEncoding: null }, method)
      }
    },
  },
  {
    name: 'requests: params are merged with the query in order, lists repeated, null left out',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/echo?first=%20x`, {
        params: { b: [2, 'drei'], a: 'ü&=+ ', no: null, nor: undefined, yes: true },
      })
      const echo = await readEcho(response)
      equal(echo.url, '/echo?first=%20x&b=2&b=drei&a=%C3%BC%26%3D%2B+&yes=true')
    },
  },
  {
    name: 'requests: params as pairs, as text and as URLSearchParams',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const target = async (params: Parameters<typeof requests.get>[1]): Promise<string> =>
        (await readEcho(await requests.get(url, params))).url
      equal(
        await target({
          params: [
            ['a', 1],
            ['b', 2],
            ['a', 3],
          ],
        }),
        '/echo?a=1&b=2&a=3',
      )
      equal(await target({ params: 'x=1&y' }), '/echo?x=1&y')
      equal(await target({ params: new URLSearchParams('q=a b') }), '/echo?q=a+b')
      equal(await target({ params: null }), '/echo')
    },
  },
  {
    name: 'requests: the target is that of the URL to the letter, an empty query included',
    run: async ({ requests, servers }) => {
      const targets = ['/echo?', '/echo?#x', '/echo??', '/echo//b?a', '/echo/;a=1?&&=']
      const wrong: string[] = []
      for (const target of targets) {
        const { href } = new URL(servers.http + target)
        const expected = href.slice(servers.http.length).replace(/#.*/, '')
        const { url } = await readEcho(await requests.get(href))
        if (url !== expected) wrong.push(`${url} for ${target}`)
      }
      equal(wrong, [])
    },
  },
  {
    name: 'requests: a fragment stays at home and out of response.url',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/echo?a=1#part`)
      equal((await readEcho(response)).url, '/echo?a=1')
      equal(response.url, `${servers.http}/echo?a=1`)
    },
  },
  {
    name: 'requests: headers arrive with name and value, null removes a default',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/echo`, {
        headers: { 'X-One': '1', 'x-two': 'zwei und drei', Accept: null },
      })
      const echo = await readEcho(response)
      equal(sent(echo, 'x-one'), ['1'])
      equal(sent(echo, 'x-two'), ['zwei und drei'])
    },
  },
  {
    name: 'requests: server runtimes introduce themselves and take gzip, deflate and br',
    needs: ['anyHeader'],
    run: async ({ session, servers }) => {
      const echo = await readEcho(await session().get(`${servers.http}/echo`))
      match(sent(echo, 'user-agent').join(), /^ubiquest\/\d+\.\d+\.\d+/)
      equal(sent(echo, 'accept'), ['*/*'])
      equal(sent(echo, 'accept-encoding'), ['gzip, deflate, br'])
      const own = await readEcho(
        await session().get(`${servers.http}/echo`, { headers: { 'user-agent': 'mine/1' } }),
      )
      equal(sent(own, 'user-agent'), ['mine/1'])
    },
  },
  {
    name: 'requests: nothing is added to the headers we name',
    needs: ['anyHeader'],
    run: async ({ requests, servers, recorder }) => {
      const recording = await recorder.play()
      await requests.get(recording.url, { headers: { 'X-Own': 'yes' } })
      const [request] = await recording.requests({ complete: 1 })
      const names = (request?.head ?? '')
        .split('\r\n')
        .slice(1)
        .map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
        .sort()
      const framing = ['connection', 'host']
      equal(
        names.filter((name) => !framing.includes(name)),
        ['accept', 'accept-encoding', 'user-agent', 'x-own'],
      )
      ok(servers.raw.length > 0)
    },
  },
  {
    name: 'requests: line breaks in method, URL, header name and value never reach the wire',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const { InvalidHeaderError } = requests.errors
      await rejects(requests.request('GET\r\nX: y', url), InvalidHeaderError)
      await rejects(requests.get(url, { headers: { 'a\r\nb': 'c' } }), InvalidHeaderError)
      await rejects(requests.get(url, { headers: { a: 'b\r\nc: d' } }), InvalidHeaderError)
      await rejects(requests.get(url, { headers: { a: 'b\0c' } }), InvalidHeaderError)
      await rejects(requests.get(url, { headers: { a: 'snow ☃' } }), InvalidHeaderError)
      const echo = await readEcho(await requests.get(`${url}?x=\r\nY: z`))
      equal(echo.url.includes('\n'), false)
      equal(sent(echo, 'y'), [])
    },
  },
  {
    name: 'requests: a URL without a scheme or with another one is an InvalidURLError',
    run: async ({ requests }) => {
      const { InvalidURLError } = requests.errors
      const unknown = await rejects(requests.get('ftp://127.0.0.1/x'), InvalidURLError)
      match(unknown.message, /ftp:/)
      await rejects(requests.get('http://'), InvalidURLError)
      await rejects(requests.get('http://[::1/'), InvalidURLError)
      await rejects(requests.get('data:text/plain,hello'), InvalidURLError)
    },
  },
  {
    name: 'requests: user-info in a URL becomes Basic auth and is not shown',
    run: async ({ requests, servers }) => {
      const url = servers.http.replace('://', '://us%C3%A9r:p%40ss@')
      const response = await requests.get(`${url}/echo`)
      const echo = await readEcho(response)
      equal(sent(echo, 'authorization'), ['Basic dXPDqXI6cEBzcw=='])
      equal(response.url.includes('@'), false)
    },
  },
  {
    name: 'requests: a text body of an unusual method is sent as it is',
    needs: ['anyMethod'],
    run: async ({ requests, servers }) => {
      const echo = await readEcho(
        await requests.request('QUERY', `${servers.http}/echo`, { data: 'select 1' }),
      )
      equal([echo.method, bodyText(echo)], ['QUERY', 'select 1'])
    },
  },
]
