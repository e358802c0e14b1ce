/** Line breaks and NUL, everywhere a caller may put a text: refused, or on the wire as mere data. */
import { equal, fail, notOk, ok, rejects, throws } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { headValues } from '../harness/recorder.ts'
import type { Recording } from '../harness/recorder.ts'
import { fromBase64 } from './echo.ts'

/** The last two have a line break in their low bytes, which a careless Latin-1 encoder keeps. */
const BREAKS = [
  ...['\r\nX-Evil: 1\r\n', '\nX-Evil: 1', '\rX-Evil: 1', '\0X-Evil: 1'],
  ...['\r\n\r\nGET /evil HTTP/1.1\r\n\r\n', '\u010d\u010aX-Evil: 1', '\u560d\u560aX-Evil: 1'],
]
type Options = Parameters<Context['requests']['request']>[2]

/** Each place of a request that takes a text. */
const PLACES: Readonly<Record<string, (text: string, url: string) => [string, string, Options]>> = {
  method: (text, url) => [`GET${text}`, url, {}],
  path: (text, url) => ['GET', `${url}/a${text}b`, {}],
  query: (text, url) => ['GET', `${url}?a=${text}b`, {}],
  fragment: (text, url) => ['GET', `${url}#a${text}b`, {}],
  'user-info': (text, url) => ['GET', url.replace('://', `://us${text}er:pass@`), {}],
  params: (text, url) => ['GET', url, { params: { [`a${text}b`]: `c${text}d` } }],
  'params as text': (text, url) => ['GET', url, { params: `a=${text}b` }],
  'a header name': (text, url) => ['GET', url, { headers: { [`X-A${text}b`]: 'c' } }],
  'a header value': (text, url) => ['GET', url, { headers: { 'X-A': `b${text}c` } }],
  'a value in pairs': (text, url) => ['GET', url, { headers: [['X-A', `b${text}c`]] }],
  Authorization: (text, url) => ['GET', url, { headers: { Authorization: `Own b${text}c` } }],
  'Content-Type': (text, url) => [
    'POST',
    url,
    { data: 'x', headers: { 'Content-Type': `text/a${text}b` } },
  ],
  'user name': (text, url) => ['GET', url, { auth: [`us${text}er`, 'pass'] }],
  password: (text, url) => ['GET', url, { auth: ['user', `pa${text}ss`] }],
  'auth function': (text, url) => [
    'GET',
    url,
    {
      auth: (request) => {
        request.setHeader('X-Sign', `a${text}b`)
      },
    },
  ],
}

const ON_SERVERS: typeof PLACES = {
  Host: (text, url) => ['GET', url, { headers: { Host: `a${text}b` } }],
  Cookie: (text, url) => ['GET', url, { headers: { Cookie: `a=b${text}c` } }],
  'a cookie name': (text, url) => ['GET', url, { cookies: { [`a${text}b`]: 'c' } }],
  'a cookie value': (text, url) => ['GET', url, { cookies: { a: `b${text}c` } }],
  'Content-Length': (text, url) => [
    'POST',
    url,
    { data: 'x', headers: { 'Content-Length': `1${text}` } },
  ],
}

/** Every part of a multipart body that takes a text. */
const PARTS: typeof PLACES = {
  'a field name': (text, url) => ['POST', url, { files: { [`a${text}b`]: [null, 'c'] } }],
  'a file name': (text, url) => ['POST', url, { files: { a: [`b${text}c`, 'd'] } }],
  'a field of data': (text, url) => [
    'POST',
    url,
    { data: { [`a${text}b`]: 'c' }, files: { d: ['e', 'f'] } },
  ],
  'a part type': (text, url) => ['POST', url, { files: { a: ['b', 'c', `text/d${text}e`] } }],
  'a part header': (text, url) => [
    'POST',
    url,
    { files: { a: ['b', 'c', 'text/d', { 'X-B': `c${text}d` }] } },
  ],
  'the name of a part header': (text, url) => [
    'POST',
    url,
    { files: { a: ['b', 'c', 'text/d', { [`X-B${text}`]: 'c' }] } },
  ],
  'a type that an object claims': (text, url) => [
    'POST',
    url,
    { data: claiming(`text/a${text}b`) },
  ],
  'a type that a part claims': (text, url) => [
    'POST',
    url,
    { files: { a: ['b', claiming(`text/a${text}b`)] } },
  ],
}

function claiming(type: string): { type: string; replayable: true; open: () => never } {
  return { type, replayable: true, open: () => fail('opened, though its type is impossible') }
}

async function attack(
  context: Context,
  places: typeof PLACES,
  check: (recording: Recording, where: string) => Promise<void>,
): Promise<void> {
  const { requests, recorder } = context
  for (const [place, make] of Object.entries(places)) {
    for (const text of BREAKS) {
      const where = `${place} with ${JSON.stringify(text)}`
      const recording = await recorder.play()
      const [method, url, options] = make(text, recording.url)
      try {
        await requests.request(method, url, options)
      } catch (error) {
        const ours = error instanceof requests.errors.RequestError || error instanceof TypeError
        ok(ours, `${where}: ${String(error)}`)
        equal((await recording.requests()).length, 0, `sent, and refused: ${where}`)
        continue
      }
      await check(recording, where)
    }
  }
}

async function headIsWhole(recording: Recording, where: string): Promise<void> {
  const sent = await recording.requests()
  equal(sent.length, 1, where)
  for (const { head } of sent) {
    equal(headValues(head, 'x-evil'), [], where)
    notOk(/[\r\n\0](?!\n|\S)|\0/.test(head.replaceAll('\r\n', '\n')), where)
    notOk(/(?:^|[^\r])\n|\r(?!\n)/.test(head), where)
  }
}

async function partsAreWhole(recording: Recording, where: string): Promise<void> {
  await headIsWhole(recording, where)
  const [request] = await recording.requests()
  const text = new TextDecoder().decode(fromBase64(request?.contentBase64 ?? ''))
  for (const part of text.split(/(?:^|\r\n)--[^\r\n]+\r\n/).slice(1)) {
    const [head = ''] = part.split('\r\n\r\n', 1)
    notOk(/^x-evil/im.test(head), `${where}: ${head}`)
    notOk(/(?:^|[^\r])\n|\r(?!\n)/.test(head), `${where}: ${head}`)
  }
}

export const cases: readonly Case[] = [
  {
    name: 'guarantee 8: no line break reaches the wire from method, URL, headers or auth',
    run: (context) => attack(context, PLACES, headIsWhole),
  },
  {
    name: 'guarantee 8: nor from Host, Cookie, cookies or Content-Length',
    needs: ['anyHeader', 'cookies'],
    run: (context) => attack(context, ON_SERVERS, headIsWhole),
  },
  {
    name: 'guarantee 7: nor into the head of a part, from names, types and headers',
    run: (context) => attack(context, PARTS, partsAreWhole),
  },
  {
    name: 'guarantee 8: auth, jars and prepared requests refuse them where they are given',
    run: async ({ requests }) => {
      await Promise.resolve()
      const { BasicAuth, BearerAuth, DigestAuth, ProxyAuth, CookieJar, Request } = requests
      for (const text of BREAKS.slice(0, 5)) {
        throws(() => new BasicAuth('user', `a${text}`), TypeError)
        throws(() => new BearerAuth(`a${text}`), TypeError)
        throws(() => new DigestAuth(`a${text}`, 'x'), TypeError)
        throws(() => new ProxyAuth('user', `a${text}`), TypeError)
        const jar = new CookieJar()
        throws(() => jar.set(`a${text}b`, 'c'), Error)
        throws(() => jar.set('a', `b${text}c`), Error)
        throws(() => jar.set('a', 'b', { path: `/${text}` }), TypeError)
        throws(() => jar.set('a', 'b', { domain: `a${text}.test` }), TypeError)
        equal(jar.size, 0)
        const prepared = new Request('GET', 'http://shop.test/').prepare()
        throws(() => {
          prepared.method = `GET${text}`
        }, requests.errors.InvalidHeaderError)
        throws(() => prepared.headers.set('X-A', `b${text}c`), requests.errors.InvalidHeaderError)
      }
    },
  },
  {
    name: 'guarantee 8: nor from the URL of a proxy or its credentials',
    needs: ['proxy'],
    run: async ({ requests, recorder }) => {
      for (const text of BREAKS) {
        const recording = await recorder.play()
        const { origin, pathname } = new URL(recording.url)
        const proxy = origin.replace('://', `://us${text}er:pa${encodeURIComponent(text)}ss@`)
        try {
          await requests.get(`http://shop.test${pathname}`, { proxies: { http: proxy } })
        } catch (error) {
          ok(error instanceof requests.errors.RequestError, String(error))
          continue
        }
        await headIsWhole(recording, JSON.stringify(text))
      }
    },
  },
  {
    name: 'guarantee 8: one Content-Length, never two, and none beside Transfer-Encoding',
    needs: ['anyHeader'],
    run: async ({ requests, recorder }) => {
      const { InvalidHeaderError } = requests.errors
      const post = async (headers: [string, string][]): Promise<string> => {
        const recording = await recorder.play()
        await requests.post(recording.url, { data: 'abc', headers })
        const [request] = await recording.requests({ complete: 1 })
        return request?.head ?? ''
      }
      const refused: [string, string][][] = [
        [...pairs('3', '4')],
        [...pairs('4', '3')],
        [...pairs('3'), ['Transfer-Encoding', 'chunked']],
        [['transfer-encoding', 'identity']],
        ...['+3', '3,3', '0x3', '3.0', '-3', '', '3 3', '1e1', '９'].map((text) => pairs(text)),
      ]
      for (const headers of refused)
        await rejects(post(headers), InvalidHeaderError, { message: /./ })
      equal(headValues(await post(pairs('3', '3')), 'content-length'), ['3'])
      equal(headValues(await post(pairs('3')), 'transfer-encoding'), [])
    },
  },
]

function pairs(...values: string[]): [string, string][] {
  return values.map((value, at) => [at % 2 === 0 ? 'Content-Length' : 'content-length', value])
}
