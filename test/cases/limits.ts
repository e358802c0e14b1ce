/** One limit, on every path a body can take; and what logs may see of a response. */
import { equal, match, notOk, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const item of items) ok(item !== null)
}

export const cases: readonly Case[] = [
  {
    name: 'limits: maxBytes holds for every reader of a streamed body',
    run: async ({ requests, servers }) => {
      const { BodyTooLargeError } = requests.errors
      const options = { stream: true, maxBytes: 99_999 }
      for (const path of ['bytes/100000', 'stream/100000', 'gzip?size=100000']) {
        const open = async (): Promise<InstanceType<typeof requests.Response>> =>
          await requests.get(`${servers.http}/${path}`, options)
        await rejects(drain(await open()), BodyTooLargeError)
        await rejects(drain((await open()).iterContent(1000)), BodyTooLargeError)
        await rejects(drain((await open()).iterLines()), BodyTooLargeError)
        await rejects((await open()).text(), BodyTooLargeError)
        await rejects((await open()).arrayBuffer(), BodyTooLargeError)
        const exact = await requests.get(`${servers.http}/${path}`, { stream: true, maxBytes: 1e5 })
        equal((await exact.bytes()).length, 100_000, path)
      }
    },
  },
  {
    name: 'limits: maxBytes holds for the bodies of errors and at the end of redirects',
    run: async ({ requests, servers }) => {
      const { BodyTooLargeError } = requests.errors
      const failed = `${servers.http}/status/404?body=${'x'.repeat(2000)}`
      await rejects(requests.get(failed, { maxBytes: 1999 }), BodyTooLargeError)
      const target = encodeURIComponent(`${servers.http}/bytes/100000`)
      const moved = `${servers.http}/redirect-to?url=${target}`
      await rejects(requests.get(moved, { maxBytes: 99_999 }), BodyTooLargeError)
      equal((await requests.get(moved, { maxBytes: 100_000 })).content.length, 100_000)
    },
  },
  {
    name: 'limits: what HEAD and 304 announce counts for nothing',
    run: async ({ requests, servers, recorder }) => {
      const head = await requests.head(`${servers.http}/bytes/5000000000`)
      equal([head.headers.get('content-length'), head.content.length], ['5000000000', 0])
      const limited = await requests.head(`${servers.http}/bytes/1000`, { maxBytes: 10 })
      equal(limited.content.length, 0)
      const streamed = await requests.head(`${servers.http}/bytes/1000`, {
        stream: true,
        maxBytes: 10,
      })
      equal((await streamed.bytes()).length, 0)
      const send = 'HTTP/1.1 304 Not Modified\r\nContent-Length: 20\r\n\r\n'
      const { url } = await recorder.play({ answers: [{ send }] })
      const unchanged = await requests.get(url)
      equal([unchanged.status, unchanged.content.length], [304, 0])
    },
  },
  {
    name: 'limits: a 304 that announces the length of the body it spares has none',
    run: async ({ requests, recorder }) => {
      const send = 'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 5000000000\r\n\r\n'
      const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
      const answers = [send, send, send, send, whole].map((each) => ({ send: each }))
      const { url } = await recorder.play({ answers })
      const headers = { 'If-None-Match': '"1"' }
      for (const stream of [false, true]) {
        const answer = await requests.get(url, { headers, stream })
        equal([answer.status, answer.headers.get('content-length')], [304, '5000000000'])
        equal([await answer.text(), answer.body], ['', null])
      }
      const options = { data: 'a', onUploadProgress: () => undefined }
      equal((await requests.put(url, { ...options, headers })).status, 304)
      const response = await requests.get(url, { headers, onDownloadProgress: () => undefined })
      equal(response.content.length, 0)
      equal(await (await requests.get(url)).text(), 'ok')
    },
  },
  {
    name: 'limits: what is kept of a streamed body has the limit of a buffered one, iterating has none',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/stream/104857601?chunk=1048576`
      const kept = await requests.get(url, { stream: true })
      await rejects(kept.bytes(), requests.errors.BodyTooLargeError, { message: /104857600/ })
      const lifted = await requests.get(url, { stream: true })
      let length = 0
      for await (const chunk of lifted) length += chunk.length
      equal(length, 104_857_601)
    },
  },
  {
    name: 'limits: a bomb is stopped on every path that keeps it, and may be streamed',
    needs: ['rawBody'],
    run: async ({ requests, servers }) => {
      const { BodyTooLargeError } = requests.errors
      const bomb = `${servers.http}/gzip?size=50000000&fill=zero`
      await rejects(requests.get(bomb), BodyTooLargeError, { code: 'BODY_EXPANDS' })
      const later = await requests.get(bomb, { stream: true })
      await rejects(later.text(), BodyTooLargeError, { code: 'BODY_EXPANDS' })
      await rejects(
        requests.get(`${servers.http}/coded/gzip,gzip,gzip?size=50000000&fill=zero`),
        BodyTooLargeError,
      )
      const streamed = await requests.get(bomb, { stream: true })
      let length = 0
      for await (const chunk of streamed) length += chunk.length
      equal(length, 50_000_000)
    },
  },
  {
    name: 'limits: more than five content codings are refused',
    needs: ['rawBody'],
    run: async ({ requests, servers }) => {
      const list = (count: number): string => Array.from({ length: count }, () => 'gzip').join(',')
      const five = await requests.get(`${servers.http}/coded/${list(5)}`)
      equal(five.status, 200)
      await rejects(
        requests.get(`${servers.http}/coded/${list(6)}`),
        requests.errors.ContentDecodingError,
      )
    },
  },
  {
    name: 'limits: toJSON, for logs, shows what happened and hides secrets',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/status/404?api_key=hunter2&page=2&header=Set-Cookie:%20session=a`
      const response = await requests.get(url, { headers: { Authorization: 'Bearer hunter2' } })
      const text = JSON.stringify(response)
      notOk(text.includes('hunter2'), text)
      match(text, /page=2/)
      const { status, request } = JSON.parse(text) as {
        status: number
        request: { method: string; headers: Record<string, string> }
      }
      equal([status, request.method], [404, 'GET'])
      equal(request.headers['authorization'], '[hidden]')
    },
  },
  {
    name: 'limits: text follows a byte order mark and the prolog of the document',
    run: async ({ requests, servers }) => {
      const hex = (text: string, end: string): string =>
        Array.from(text, (letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('') +
        end
      const documents: [type: string, bytes: string][] = [
        ['text/html', hex('<!doctype html><meta charset="windows-1251">', 'c4e0')],
        [
          'text/html',
          hex('<meta http-equiv=Content-Type content="text/html; charset=koi8-r">', 'e4c1'),
        ],
        ['application/xml', hex('<?xml version="1.0" encoding="windows-1251"?>', 'c4e0')],
        ['text/plain; charset=windows-1251', 'c4e0'],
        ['text/plain; charset=latin1', 'efbbbfd094d0b0'],
        ['text/plain; charset=nonsense', 'd094d0b0'],
        ['', 'fffe14043004'],
      ]
      for (const [type, bytes] of documents) {
        const url = `${servers.http}/text?type=${encodeURIComponent(type)}&hex=${bytes}`
        const response = await requests.get(url)
        ok((await response.text()).endsWith('Да'), `${type}: ${await response.text()}`)
        const streamed = await requests.get(url, { stream: true })
        let text = ''
        for await (const part of streamed.iterContent({ decode: true })) text += part
        equal(text, await response.text(), type)
      }
    },
  },
  {
    name: 'limits: toResponse is a native response that still streams, decoded',
    needs: ['nativeResponse'],
    run: async ({ requests, servers }) => {
      const plain = (
        await requests.get(`${servers.http}/bytes/100000`, { stream: true })
      ).toResponse()
      ok(plain instanceof globalThis.Response)
      equal(plain.headers.get('content-length'), '100000')
      equal((await plain.arrayBuffer()).byteLength, 100_000)
      const coded = await requests.get(`${servers.http}/gzip`, { stream: true })
      const native = coded.toResponse()
      equal(native.headers.get('content-encoding'), null)
      match(await native.text(), /Ubiquest/)
      equal(native.url, `${servers.http}/gzip`)
      ok(coded.bodyUsed)
      for (const status of [204, 205, 304]) {
        const empty = (await requests.get(`${servers.http}/status/${String(status)}`)).toResponse()
        equal([empty.status, empty.body], [status, null])
      }
      const moved = await requests.get(`${servers.http}/redirect/1`)
      ok(moved.toResponse().redirected)
    },
  },
]
