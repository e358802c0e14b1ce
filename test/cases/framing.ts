/** Framing: a known length is a Content-Length, an unknown one is chunked, a wrong one an error. */
import { equal, notOk, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { bodyText, readEcho, utf8 } from './echo.ts'

export const cases: readonly Case[] = [
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
]

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
