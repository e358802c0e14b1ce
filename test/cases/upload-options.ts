/** What a caller may ask of an upload: progress, compression, a limit for collecting a stream. */
import { bytesEqual, equal, ok, rejects } from '../harness/assert.ts'
import type { Case, Ubiquest } from '../harness/case.ts'
import { httpAnswer, newTag } from '../harness/recorder.ts'
import { fromBase64, readEcho, sent, utf8 } from './echo.ts'

const MIB = 1024 * 1024

export const cases: readonly Case[] = [
  {
    name: 'uploads: progress stands still while the server does not read, then ends at the total',
    run: async ({ requests, servers, control, capabilities, runtime }) => {
      const size = 32 * MIB
      const tag = newTag()
      const events: Progress[] = []
      const sending = requests.post(`${servers.http}/never-read?tag=${tag}`, {
        data: bigBody(requests, size),
        onUploadProgress: (event) => events.push(event),
      })
      await control(`/wait?tag=${tag}&event=stalled`)
      const before = events.at(-1)?.transferred ?? 0
      await control(`/release?tag=${tag}`, {})
      equal((await (await sending).json<{ bodyLength: number }>()).bodyLength, size)
      const [first] = events
      const last = events.at(-1)
      equal([last?.transferred, last?.total], [size, size])
      for (const [index, event] of events.entries()) {
        equal([event.total, event.basis], [size, first?.basis])
        ok(index === 0 || event.transferred > (events[index - 1]?.transferred ?? size), 'it grows')
      }
      const seen = capabilities.streamUpload || runtime === 'browser'
      if (seen) ok(before > 0 && before < size, `${String(before)} bytes before the server read`)
    },
  },
  {
    name: 'uploads: what progress counts is said',
    run: async ({ requests, servers, runtime }) => {
      const bases = new Set<string>()
      for (const data of ['small', bigBody(requests, MIB)]) {
        await requests.post(`${servers.http}/echo`, {
          data,
          onUploadProgress: ({ basis }) => bases.add(basis),
        })
      }
      equal([...bases], [BASIS[runtime] ?? 'source'])
    },
  },
  {
    name: 'uploads: progress of a stream of unknown length has no total',
    needs: ['streamUpload'],
    run: async ({ requests, servers }) => {
      const events: Progress[] = []
      await requests.post(`${servers.http}/echo`, {
        data: pieces(),
        onUploadProgress: (event) => events.push(event),
      })
      ok(events.length > 0)
      for (const { total } of events) equal(total, null)
      equal(events.at(-1)?.transferred, 3 * 70_000)
    },
  },
  {
    name: 'uploads: what a listener of progress throws is what the call rejects with, at once',
    run: async ({ requests, servers, capabilities }) => {
      const onUploadProgress = (): void => {
        throw new RangeError('mine')
      }
      const bodies = [
        'small',
        bigBody(requests, MIB),
        ...(capabilities.streamUpload ? [pieces] : []),
      ]
      for (const data of bodies) {
        for (const retries of [0, 2]) {
          const sending = requests.put(`${servers.http}/echo`, { data, onUploadProgress, retries })
          await rejects(sending, RangeError, { message: 'mine' })
        }
      }
    },
  },
  {
    name: 'uploads: compress sends gzip and says so; small bodies keep a length',
    needs: ['compressUpload'],
    run: async ({ requests, servers }) => {
      const text = 'so much of the same. '.repeat(1000)
      const echo = await readEcho(
        await requests.post(`${servers.http}/echo`, { data: text, compress: 'gzip' }),
      )
      equal(sent(echo, 'content-encoding'), ['gzip'])
      equal(echo.framing, { contentLength: String(echo.bodyLength), transferEncoding: null })
      ok(echo.bodyLength < 1000, `${String(echo.bodyLength)} bytes`)
      bytesEqual(await gunzip(fromBase64(echo.bodyBase64)), utf8(text))
      const none = await readEcho(
        await requests.post(`${servers.http}/echo`, { compress: 'gzip', data: null }),
      )
      equal(sent(none, 'content-encoding'), [])
    },
  },
  {
    name: 'uploads: compress streams, and a source that fails completes no request',
    needs: ['compressUpload', 'streamUpload'],
    run: async ({ requests, servers, recorder }) => {
      const echo = await readEcho(
        await requests.post(`${servers.http}/echo`, { data: pieces(), compress: 'gzip' }),
      )
      equal(echo.framing, { contentLength: null, transferEncoding: 'chunked' })
      const bytes = await gunzip(fromBase64(echo.bodyBase64))
      equal([bytes.length, bytes[0], bytes.at(-1)], [210_000, 0, 2])
      const recording = await recorder.play()
      const problem = new Error('the disk is on fire')
      const failing = async function* (): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(100_000)
        await Promise.resolve()
        throw problem
      }
      const sending = requests.post(recording.url, { data: failing(), compress: 'gzip' })
      ok((await rejects(sending, Error)) === problem, 'the very error')
      for (const request of await recording.requests()) equal(request.complete, false)
    },
  },
  {
    name: 'uploads: compress contradicts a Content-Encoding and a Content-Length of the caller',
    needs: ['compressUpload', 'anyHeader'],
    run: async ({ requests, servers }) => {
      for (const name of ['Content-Encoding', 'content-length']) {
        const sending = requests.post(`${servers.http}/echo`, {
          data: 'abc',
          compress: 'gzip',
          headers: { [name]: name === 'Content-Encoding' ? 'br' : '3' },
        })
        await rejects(sending, requests.errors.InvalidHeaderError, { message: /compress/ })
      }
      const other: unknown = 'br'
      const sending = requests.post(servers.http, { data: 'abc', compress: other as 'gzip' })
      await rejects(sending, TypeError, { message: /compress/ })
    },
  },
  {
    name: 'uploads: bufferUpload collects a stream where it cannot be sent, up to its limit',
    run: async ({ requests, servers, capabilities }) => {
      const echo = await readEcho(
        await requests.post(`${servers.http}/echo`, { data: pieces(), bufferUpload: 210_000 }),
      )
      equal(echo.bodyLength, 210_000)
      if (capabilities.streamUpload) return
      equal(echo.framing, { contentLength: '210000', transferEncoding: null })
      const sending = requests.post(servers.http, { data: pieces(), bufferUpload: 200_000 })
      await rejects(sending, requests.errors.BodyTooLargeError, { message: /bufferUpload/ })
    },
  },
  {
    name: 'uploads: with progress, what a function returns keeps its Content-Type',
    run: async ({ requests, servers }) => {
      const data = (): URLSearchParams => new URLSearchParams('a=1')
      const options = { data, onUploadProgress: () => undefined }
      const echo = await readEcho(await requests.post(`${servers.http}/echo`, options))
      equal(sent(echo, 'content-type'), ['application/x-www-form-urlencoded'])
    },
  },
  {
    name: 'uploads: the answer to one with progress is as any other, whatever its status and URL',
    run: async ({ requests, servers }) => {
      for (const onUploadProgress of [undefined, () => undefined]) {
        const options = { data: 'x', onUploadProgress }
        const plain = await requests.post(`${servers.http}/echo#part`, options)
        equal([plain.redirected, plain.status], [false, 200])
        const odd = await requests.post(`${servers.http}/status/999?body=odd`, options)
        equal([odd.status, odd.ok, await odd.text()], [999, false, 'odd'])
      }
    },
  },
  {
    name: 'uploads: with Expect: 100-continue the body waits until the server wants it',
    needs: ['expectContinue'],
    run: async ({ requests, servers, recorder }) => {
      const headers = { Expect: '100-continue', 'X-Value': 'host' }
      for (const data of ['short', pieces]) {
        const echo = await readEcho(await requests.post(`${servers.http}/echo`, { data, headers }))
        equal(sent(echo, 'expect'), ['100-continue'])
        equal(echo.bodyLength, data === 'short' ? 5 : 210_000)
        const chunked = data === 'short' ? null : 'chunked'
        equal(echo.framing.transferEncoding, chunked)
      }
      for (const server of [servers.http, servers.https]) {
        const options = { data: pieces(), headers, verify: servers.ca }
        const proxies = { all: servers.proxy }
        const echo = await readEcho(await requests.post(`${server}/echo`, { ...options, proxies }))
        equal(echo.bodyLength, 210_000)
      }
      const refusing = await recorder.play({
        answers: [{ after: 'head', send: httpAnswer(417, {}, 'no'), then: 'end' }],
      })
      const refused = await requests.post(refusing.url, { data: pieces(), headers })
      equal([refused.status, await refused.text()], [417, 'no'])
      equal((await refusing.requests({ closed: 1 }))[0]?.contentLength, 0)
      const ignorant = await recorder.play()
      equal((await requests.post(ignorant.url, { data: 'after a while', headers })).status, 200)
      equal((await ignorant.requests())[0]?.contentLength, 13)
      const silent = await recorder.play({ answers: [{ then: 'hang' }] })
      const waiting = requests.post(silent.url, { data: 'abc', headers, timeout: { read: 1200 } })
      await rejects(waiting, requests.errors.ReadTimeoutError, { message: /with 3 bytes .* sent/ })
      equal(
        sent(await readEcho(await requests.get(`${servers.http}/echo`, { headers })), 'expect'),
        [],
      )
    },
  },
  {
    name: 'uploads: where gzip is missing, compress is an UnsupportedError',
    run: async ({ requests, servers, capabilities }) => {
      const sending = requests.post(`${servers.http}/echo`, { data: 'abc', compress: 'gzip' })
      if (!capabilities.compressUpload) await rejects(sending, requests.errors.UnsupportedError)
      else
        bytesEqual(
          await gunzip(fromBase64((await readEcho(await sending)).bodyBase64)),
          utf8('abc'),
        )
    },
  },
]

const BASIS: Readonly<Record<string, string>> = { node: 'socket', deno: 'socket', browser: 'wire' }

type Data = NonNullable<NonNullable<Parameters<Ubiquest['post']>[1]>['data']>

interface Progress {
  readonly transferred: number
  readonly total: number | null
  readonly basis: string
}

/** A Blob, where there are any: what browsers send best. */
function bigBody(requests: Ubiquest, size: number): Data {
  const bytes = new Uint8Array(size)
  return typeof Blob === 'undefined' ? bytes : requests.file(new Blob([bytes]))
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < 3; index++) {
    yield await Promise.resolve(new Uint8Array(70_000).fill(index))
  }
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
