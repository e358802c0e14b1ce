/** Request bodies: the same bytes from every runtime. */
import { bytesEqual, equal, match, ok, present, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { bodyText, fromBase64, readEcho, sent, utf8 } from './echo.ts'
import { readParts } from './parts.ts'

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
    name: 'bodies: a text of a type goes out as UTF-8, lone surrogates replaced, with its length',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const headers = { 'Content-Type': 'text/x-test' }
      const rope = ['é'.repeat(700), '€', 'v'.repeat(3000)].map((text) => `${text}|`).join('')
      const odd = ['\ud800y', 'x\ud83d', '\udc00é', '\ufeffmark', 'a\0b', '\u{1f600}', 'ÿ', '']
      for (const data of [...odd, rope, `${rope}${'v'.repeat(1000)}`.slice(1)]) {
        const echo = await readEcho(await requests.post(url, { data, headers }))
        const bytes = utf8(data)
        bytesEqual(fromBase64(echo.bodyBase64), bytes)
        equal(echo.framing, { contentLength: String(bytes.length), transferEncoding: null })
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
    name: 'bodies: what is no body is a TypeError that says what was given',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const bad: unknown = 42
      await rejects(requests.post(url, { data: bad as string }), TypeError, { message: /number/ })
      await rejects(requests.post(url, { data: 'a', json: 1 }), TypeError, { message: /json/ })
    },
  },
]

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
