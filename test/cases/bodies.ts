/** Request bodies: the same bytes and the same framing from every runtime. */
import type { Response } from '../../src/response.ts'
import { bytesEqual, equal, match, notOk, ok, present, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { bodyText, readEcho, sent, utf8 } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'bodies: json is compact UTF-8 with its type and length; null is a document',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const echo = await readEcho(await requests.post(url, { json: { a: [1, null, 'ü'] } }))
      bytesEqual(fromBase64(echo.bodyBase64), utf8('{"a":[1,null,"ü"]}'))
      equal(sent(echo, 'content-type'), ['application/json'])
      equal(echo.framing, { contentLength: '19', transferEncoding: null })
      equal(bodyText(await readEcho(await requests.post(url, { json: null }))), 'null')
      equal((await readEcho(await requests.post(url, { json: undefined }))).bodyLength, 0)
    },
  },
  {
    name: 'bodies: an object and a list of pairs are forms, in order',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const echo = await readEcho(
        await requests.post(url, { data: { b: 'x y', a: [1, 2], n: null, 'ü&': '=+' } }),
      )
      equal(bodyText(echo), 'b=x+y&a=1&a=2&%C3%BC%26=%3D%2B')
      match(sent(echo, 'content-type').join(), /^application\/x-www-form-urlencoded/)
      const pairs = await readEcho(
        await requests.post(url, {
          data: [
            ['z', 1],
            ['a', 2],
          ],
        }),
      )
      equal(bodyText(pairs), 'z=1&a=2')
    },
  },
  {
    name: 'bodies: text, bytes, views and Blobs go out unchanged with their length',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
      const text = await readEcho(await requests.post(url, { data: 'größe\r\n' }))
      bytesEqual(fromBase64(text.bodyBase64), utf8('größe\r\n'))
      equal(text.framing.contentLength, '9')
      for (const data of [bytes, bytes.buffer, new DataView(bytes.buffer)]) {
        const echo = await readEcho(await requests.post(url, { data }))
        bytesEqual(fromBase64(echo.bodyBase64), bytes)
        equal(echo.framing, { contentLength: '256', transferEncoding: null })
      }
      if (typeof Blob !== 'undefined') {
        const data = new Blob([bytes], { type: 'image/x-test' })
        const echo = await readEcho(await requests.post(url, { data }))
        bytesEqual(fromBase64(echo.bodyBase64), bytes)
        equal(echo.framing, { contentLength: '256', transferEncoding: null })
        equal(sent(echo, 'content-type'), ['image/x-test'])
      }
    },
  },
  {
    name: 'bodies: a text body gets no Content-Type that nobody chose',
    needs: ['anyHeader'],
    run: async ({ requests, servers }) => {
      const echo = await readEcho(await requests.post(`${servers.http}/echo`, { data: 'plain' }))
      equal(sent(echo, 'content-type'), [])
      const chosen = await readEcho(
        await requests.post(`${servers.http}/echo`, {
          data: 'plain',
          headers: { 'Content-Type': 'text/markdown' },
        }),
      )
      equal(sent(chosen, 'content-type'), ['text/markdown'])
    },
  },
  {
    name: 'bodies: multipart bytes are the golden ones',
    run: async ({ requests, servers, recorder }) => {
      const recording = await recorder.play()
      await requests.post(recording.url, {
        data: { first: 'eins\nzwei', 'na"me\r\n': ['a', 'b'] },
        files: {
          plain: utf8('bytes'),
          named: ['über "x"\n.txt', 'text', 'text/plain', { 'X-Part': 'yes' }],
          field: [null, 'no file'],
        },
      })
      const [request] = await recording.requests({ complete: 1 })
      present(request)
      const boundary = /boundary="?([^\s";]+)/.exec(request.head)?.[1] ?? ''
      ok(boundary.length >= 22, 'the boundary has at least 128 random bits')
      equal(request.framing, 'length')
      const expected = GOLDEN.replaceAll('BOUNDARY', boundary)
      bytesEqual(fromBase64(request.contentBase64), utf8(expected))
      ok(servers.raw.length > 0)
    },
  },
  {
    name: 'bodies: an independent parser reads our multipart',
    run: async ({ requests, servers, hash }) => {
      const content = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251)
      const response = await requests.post(`${servers.http}/parse`, {
        data: { note: 'ünïcode' },
        files: [
          ['upload', ['first.bin', content]],
          ['upload', ['second.txt', 'zweite', 'text/plain']],
        ],
      })
      const { fields, files } = await readParts(response)
      equal(fields, [['note', 'ünïcode']])
      equal(
        files.map(({ name, filename, type, size }) => [name, filename, type, size]),
        [
          ['upload', 'first.bin', 'application/octet-stream', 100_000],
          ['upload', 'second.txt', 'text/plain', 6],
        ],
      )
      equal(files[0]?.sha256, await hash(content))
    },
  },
  {
    name: 'bodies: an async generator of unknown length is sent chunked',
    needs: ['streamUpload'],
    run: async ({ requests, servers, hash }) => {
      const chunks = Array.from({ length: 20 }, (_, index) => new Uint8Array(10_000).fill(index))
      const echo = await readEcho(
        await requests.post(`${servers.http}/echo`, { data: generate(chunks) }),
      )
      equal(echo.framing, { contentLength: null, transferEncoding: 'chunked' })
      equal(echo.bodyLength, 200_000)
      equal(echo.bodySha256, await hash(concat(chunks)))
    },
  },
  {
    name: 'bodies: where streams cannot be sent, a stream is an UnsupportedError and not its name',
    run: async ({ requests, servers, capabilities }) => {
      const data = generate([utf8('abc')])
      const sending = requests.post(`${servers.http}/echo`, { data })
      if (capabilities.streamUpload) equal(bodyText(await readEcho(await sending)), 'abc')
      else await rejects(sending, requests.errors.UnsupportedError, { message: /stream/i })
    },
  },
  {
    name: 'bodies: a Content-Length makes the length of a stream known',
    needs: ['uploadLength'],
    run: async ({ requests, servers }) => {
      const echo = await readEcho(
        await requests.post(`${servers.http}/echo`, {
          data: generate([utf8('abc'), utf8('def')]),
          headers: { 'Content-Length': '6' },
        }),
      )
      equal(echo.framing, { contentLength: '6', transferEncoding: null })
      equal(bodyText(echo), 'abcdef')
    },
  },
  {
    name: 'bodies: a stream shorter or longer than promised is an error and no whole request',
    needs: ['uploadLength'],
    run: async ({ requests, recorder }) => {
      for (const length of ['5', '7']) {
        const recording = await recorder.play()
        await rejects(
          requests.post(recording.url, {
            data: generate([utf8('abc'), utf8('def')]),
            headers: { 'Content-Length': length },
          }),
          requests.errors.RequestError,
          { code: 'CONTENT_LENGTH_MISMATCH' },
        )
        for (const request of await recording.requests()) notOk(request.complete)
      }
    },
  },
  {
    name: 'bodies: Content-Length against a known length, Transfer-Encoding and Upgrade are refused',
    needs: ['anyHeader'],
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const { InvalidHeaderError } = requests.errors
      const post = (headers: Record<string, string>): Promise<unknown> =>
        requests.post(url, { data: 'abc', headers })
      equal((await readEcho((await post({ 'Content-Length': '3' })) as never)).bodyLength, 3)
      await rejects(post({ 'Content-Length': '4' }), requests.errors.RequestError, {
        code: 'CONTENT_LENGTH_MISMATCH',
      })
      await rejects(post({ 'content-length': '3, 4' }), InvalidHeaderError)
      await rejects(post({ 'Transfer-Encoding': 'chunked' }), InvalidHeaderError)
      await rejects(post({ Upgrade: 'h2c' }), InvalidHeaderError)
    },
  },
  {
    name: 'bodies: a source that throws rejects with that very error and completes no request',
    needs: ['streamUpload'],
    run: async ({ requests, recorder }) => {
      const recording = await recorder.play()
      const problem = new Error('the disk is on fire')
      const failing = async function* (): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(10_000)
        await Promise.resolve()
        throw problem
      }
      const error = await rejects(requests.post(recording.url, { data: failing() }), Error)
      ok(error === problem, 'the very error')
      for (const request of await recording.requests()) notOk(request.complete)
    },
  },
  {
    name: 'bodies: a file by its path is streamed with its length, name and type',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers, hash } = context
      const path = await needTemp(context).file('ünï.txt', 300_000)
      const expected = await hash(await needTemp(context).read(path))
      const whole = await readEcho(
        await requests.post(`${servers.http}/echo`, { data: requests.file(path) }),
      )
      equal(whole.framing, { contentLength: '300000', transferEncoding: null })
      equal(whole.bodySha256, expected)
      equal(sent(whole, 'content-type'), ['text/plain'])
      const multipart = await requests.post(`${servers.http}/parse`, {
        data: { a: '1' },
        files: { file: requests.file(path), part: requests.file(path, { start: 10, end: 20 }) },
      })
      const { files } = await readParts(multipart)
      equal(
        files.map(({ name, filename, size }) => [name, filename, size]),
        [
          ['file', 'ünï.txt', 300_000],
          ['part', 'ünï.txt', 10],
        ],
      )
      equal(files[0]?.sha256, expected)
    },
  },
  {
    name: 'bodies: a file that is not there is a RequestError that names it',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers } = context
      const data = requests.file(needTemp(context).path('missing.bin'))
      await rejects(requests.post(`${servers.http}/echo`, { data }), requests.errors.RequestError, {
        code: 'FILE_NOT_FOUND',
        message: /missing\.bin/,
      })
    },
  },
  {
    name: 'bodies: where there are no paths, file(path) is an UnsupportedError',
    run: async ({ requests, capabilities, temp }) => {
      if (capabilities.paths) {
        present(temp)
        equal(requests.file(temp.path('x.txt')).name, 'x.txt')
        return
      }
      const opening = async (): Promise<unknown> => Promise.resolve(requests.file('/tmp/x.txt'))
      await rejects(opening(), requests.errors.UnsupportedError)
    },
  },
  {
    name: 'bodies: what is no body is a TypeError that says what was given',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const bad: unknown = 42
      await rejects(requests.post(url, { data: bad as string }), TypeError, { message: /number/ })
      await rejects(requests.post(url, { data: 'a', json: 1 }), TypeError, { message: /json/ })
    },
  },
]

interface Part {
  readonly name: string
  readonly filename: string | null
  readonly type: string
  readonly size: number
  readonly sha256: string
  readonly value: string | null
}

/** What an independent parser found. */
async function readParts(
  response: Response,
): Promise<{ fields: [string, string | null][]; files: Part[] }> {
  const { parts } = await response.json<{ parts: Part[] }>()
  return {
    fields: parts.filter((part) => part.filename === null).map((part) => [part.name, part.value]),
    files: parts.filter((part) => part.filename !== null),
  }
}

const GOLDEN = [
  '--BOUNDARY\r\nContent-Disposition: form-data; name="first"\r\n\r\neins\r\nzwei\r\n',
  '--BOUNDARY\r\nContent-Disposition: form-data; name="na%22me%0D%0A"\r\n\r\na\r\n',
  '--BOUNDARY\r\nContent-Disposition: form-data; name="na%22me%0D%0A"\r\n\r\nb\r\n',
  '--BOUNDARY\r\nContent-Disposition: form-data; name="plain"; filename="plain"\r\n',
  'Content-Type: application/octet-stream\r\n\r\nbytes\r\n',
  '--BOUNDARY\r\nContent-Disposition: form-data; name="named"; filename="über %22x%22%0A.txt"\r\n',
  'Content-Type: text/plain\r\nX-Part: yes\r\n\r\ntext\r\n',
  '--BOUNDARY\r\nContent-Disposition: form-data; name="field"\r\n\r\nno file\r\n',
  '--BOUNDARY--\r\n',
].join('')

function needTemp({ temp }: Context): NonNullable<Context['temp']> {
  present(temp, 'the target has a folder for files')
  return temp
}

async function* generate(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

function fromBase64(text: string | null): Uint8Array {
  return Uint8Array.from(atob(text ?? ''), (char) => char.charCodeAt(0))
}
