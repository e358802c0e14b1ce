/** Prepared requests: what can be looked at, changed, shown, written down and sent again. */
import { equal, match, notOk, ok, rejects, throws } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { bodyText, readEcho, sent, utf8 } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'prepared: url, method, headers and body can each be changed, framing follows',
    run: async ({ session, requests, servers }) => {
      const own = session({ params: { s: 1 } })
      const request = new requests.Request('PUT', `${servers.http}/status/500`, {
        params: [['a', 'b c']],
        data: { form: 'x' },
      })
      const prepared = own.prepareRequest(request)
      equal(prepared.url, `${servers.http}/status/500?s=1&a=b+c`)
      equal(prepared.headers.get('content-type'), 'application/x-www-form-urlencoded')
      prepared.url = `${servers.http}/echo`
      prepared.addParams({ added: true })
      prepared.method = 'patch'
      prepared.body = utf8('other')
      prepared.headers = { 'X-New': '1' }
      const echo = await readEcho(await own.send(prepared))
      equal([echo.method, echo.url, bodyText(echo)], ['PATCH', '/echo?added=true', 'other'])
      equal([sent(echo, 'x-new'), sent(echo, 'content-length')], [['1'], ['5']])
      equal(sent(echo, 'content-type'), [])
      prepared.body = null
      equal(bodyText(await readEcho(await own.send(prepared))), '')
      throws(() => (prepared.url = 'ftp://x.test/'), requests.errors.InvalidURLError)
    },
  },
  {
    name: 'prepared: what is changed after send began is not sent',
    run: async ({ session, requests, servers }) => {
      const own = session()
      const prepared = own.prepareRequest(
        new requests.Request('POST', `${servers.http}/echo`, { data: 'first' }),
      )
      const sending = own.send(prepared)
      prepared.body = 'second'
      prepared.headers.set('X-Late', '1')
      const echo = await readEcho(await sending)
      equal([bodyText(echo), sent(echo, 'x-late')], ['first', []])
    },
  },
  {
    name: 'prepared: hooks of a Request run between those of the session and of send',
    run: async ({ session, requests, servers }) => {
      const order: string[] = []
      const hook = (name: string) => ({ request: (): void => void order.push(name) })
      const own = session({ hooks: hook('session') })
      const request = new requests.Request('GET', `${servers.http}/echo`, {
        hooks: hook('request'),
      })
      const prepared = own.prepareRequest(request)
      await own.send(prepared, { hooks: hook('send') })
      equal(order.splice(0), ['session', 'request', 'send'])
      await own.send(
        prepared,
        own.mergeEnvironmentSettings(prepared.url, { hooks: hook('merged') }),
      )
      equal(order.splice(0), ['session', 'request', 'merged'])
      await own.send(prepared, { hooks: null })
      await own.send(prepared, own.mergeEnvironmentSettings(prepared.url, { hooks: null }))
      equal(order, [])
      prepared.hooks = null
      await own.send(prepared, { hooks: hook('send') })
      const merged = own.mergeEnvironmentSettings(prepared.url, { hooks: hook('merged') })
      await own.send(prepared, merged)
      await own.send(prepared, { ...merged, hooks: { ...merged.hooks, response: [] } })
      equal(order, ['send', 'merged', 'session', 'merged'])
    },
  },
  {
    name: 'prepared: how a request is sent is said to send, not to a Request',
    run: ({ requests, servers }) => {
      // A type error too, which a caller in JavaScript does not see.
      const options = { timeout: 5 } as object
      throws(() => new requests.Request('GET', servers.http, options), TypeError, {
        message: /send\(prepared, \{timeout/,
      })
      return Promise.resolve()
    },
  },
  {
    name: 'prepared: toCurl hides what is secret unless asked',
    run: ({ requests }) => {
      const prepared = new requests.Request('POST', "https://u:p@h.test/a'b?token=t1&x={1}#f", {
        headers: { 'X-API-Key': 'k1', 'X-Empty': '', 'User-Agent': 'me' },
        cookies: { sid: 'c1' },
        json: { user: 'ann', password: 'pw1' },
      }).prepare()
      const hidden = prepared.toCurl()
      for (const secret of ['t1', 'k1', 'c1', 'pw1', 'dTpw']) notOk(hidden.includes(secret), hidden)
      equal(
        prepared.toCurl({ secrets: true }),
        "curl --request POST --globoff 'https://h.test/a'\\''b?token=t1&x={1}'" +
          " --header 'X-API-Key: k1' --header 'X-Empty;' --header 'User-Agent: me'" +
          " --header 'Content-Type: application/json' --header 'Authorization: Basic dTpw'" +
          " --header 'Cookie: sid=c1' --header 'Accept:'" +
          ` --data-raw '{"user":"ann","password":"pw1"}'`,
      )
      match(new requests.Request('HEAD', 'http://h.test/').prepare().toCurl(), /^curl --head '/)
      return Promise.resolve()
    },
  },
  {
    name: 'prepared: what is secret, and cookies that stay away, survive toJSON and fromJSON',
    run: ({ session, requests, servers }) => {
      const own = session({ secretHeaders: ['X-Mine'] })
      const options = { headers: { 'X-Mine': 'hush' }, cookies: { a: '1', theme: null } }
      const prepared = own.prepareRequest(new requests.Request('GET', servers.http, options))
      const written = JSON.stringify(prepared.toJSON({ secrets: true }))
      const again = requests.PreparedRequest.fromJSON(written)
      equal(JSON.stringify(again.toJSON({ secrets: true })), written)
      equal(JSON.stringify(again.cookies), '{"a":"1","theme":null}')
      equal(again.toCurl(), prepared.toCurl())
      notOk(JSON.stringify(again).includes('hush'))
      return Promise.resolve()
    },
  },
  {
    name: 'prepared: toJSON and fromJSON replay a request, bytes and all',
    run: async ({ session, requests, servers }) => {
      const own = session()
      for (const data of ['täxt', new Uint8Array([0, 255, 128]), { a: 'b' }]) {
        const prepared = own.prepareRequest(
          new requests.Request('POST', `${servers.http}/echo?q=1`, { data, auth: ['u', 'p'] }),
        )
        throws(() => requests.PreparedRequest.fromJSON(JSON.stringify(prepared)), TypeError, {
          message: /secrets: true/,
        })
        notOk(JSON.stringify(prepared).includes('dTpw'))
        const written = JSON.stringify(prepared.toJSON({ secrets: true }))
        const again = requests.PreparedRequest.fromJSON(written)
        const [first, second] = [await own.send(prepared), await own.send(again)]
        const [one, two] = [await readEcho(first), await readEcho(second)]
        equal([two.bodySha256, two.url, two.method], [one.bodySha256, one.url, one.method])
        equal(sent(two, 'authorization'), ['Basic dTpw'])
        equal(sent(two, 'content-type'), sent(one, 'content-type'))
      }
    },
  },
  {
    name: 'prepared: a body that is not in memory is read into it before it is written',
    needs: ['streamUpload'],
    run: async ({ requests }) => {
      const data = (async function* () {
        yield await Promise.resolve(utf8('streamed'))
      })()
      const prepared = new requests.Request('POST', 'http://h.test/', { data }).prepare()
      throws(() => prepared.toJSON(), requests.errors.RequestError, { code: 'BODY_NOT_IN_MEMORY' })
      await prepared.bufferBody()
      equal(prepared.toJSON().body, { text: 'streamed' })
      match(prepared.toCurl(), /--data-raw 'streamed'$/)
    },
  },
  {
    name: 'prepared: toRequest gives a native Request of the same content',
    needs: ['nativeResponse'],
    run: async ({ requests }) => {
      const prepared = new requests.Request('POST', 'http://h.test/a?b=c', {
        headers: { 'X-A': '1' },
        json: [1, 2],
      }).prepare()
      const native = prepared.toRequest()
      ok(native instanceof globalThis.Request)
      equal([native.method, native.url], ['POST', 'http://h.test/a?b=c'])
      equal(
        [native.headers.get('x-a'), native.headers.get('content-type')],
        ['1', 'application/json'],
      )
      equal(await native.text(), '[1,2]')
      await rejects(
        (async () => {
          await Promise.resolve()
          new requests.Request('GET', 'http://h.test/', { data: 'x' }).prepare().toRequest()
        })(),
        requests.errors.UnsupportedError,
      )
    },
  },
]
