/** Files by their path, on runtimes that have paths. */
import { equal, notOk, present, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { httpAnswer, newTag } from '../harness/recorder.ts'
import { readEcho, sent } from './echo.ts'
import { readParts } from './parts.ts'

export const cases: readonly Case[] = [
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
    name: 'uploads: a large file arrives as it is, although the server stalls in the middle of it',
    needs: ['paths', 'customCA'],
    run: async (context) => {
      const { requests, servers, control, hash } = context
      const path = await needTemp(context).file('large.bin', 40 * 1024 * 1024)
      const expected = await hash(await needTemp(context).read(path))
      for (const server of [servers.http, servers.https]) {
        const tag = newTag()
        const sending = requests.post(`${server}/never-read?tag=${tag}`, {
          data: requests.file(path),
          verify: servers.ca,
        })
        await control(`/wait?tag=${tag}&event=stalled`)
        await control(`/release?tag=${tag}`, {})
        const { bodySha256 } = await (await sending).json<{ bodySha256: string }>()
        equal(bodySha256, expected)
      }
    },
  },
  {
    name: 'uploads: a file is opened again for a redirect and for a challenge',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers, recorder, hash } = context
      const path = await needTemp(context).file('again.bin', 1_500_000)
      const expected = await hash(await needTemp(context).read(path))
      const challenge = 'Digest realm="files", nonce="n1", qop="auth", algorithm=SHA-256'
      const recording = await recorder.play({
        answers: [
          { send: httpAnswer(401, { 'WWW-Authenticate': challenge }) },
          { send: httpAnswer(308, { Location: `${servers.http}/echo` }) },
        ],
      })
      const response = await requests.post(recording.url, {
        files: { part: requests.file(path) },
        auth: new requests.DigestAuth('user', 'secret'),
      })
      const echo = await readEcho(response)
      const asked = await recording.requests({ complete: 2 })
      for (const { contentLength, contentSha256 } of asked) {
        equal([contentLength, contentSha256], [echo.bodyLength, echo.bodySha256])
      }
      const direct = await readEcho(
        await requests.post(`${servers.http}/echo`, { data: requests.file(path) }),
      )
      equal(direct.bodySha256, expected)
    },
  },
  {
    name: 'uploads: a file that grows while it is sent is an error and no whole request',
    needs: ['paths'],
    run: async (context) => {
      const { requests, recorder } = context
      const temp = needTemp(context)
      const path = await temp.file('grows.bin', 100_000)
      const recording = await recorder.play()
      const growing = async function* (): AsyncGenerator<Uint8Array> {
        await temp.file('grows.bin', 100_001)
        yield new Uint8Array(1)
      }
      await rejects(
        requests.post(recording.url, {
          files: [
            ['first', ['first.bin', growing()]],
            ['second', requests.file(path)],
          ],
        }),
        requests.errors.RequestError,
        { code: 'CONTENT_LENGTH_MISMATCH', message: /changed/ },
      )
      for (const request of await recording.requests()) notOk(request.complete)
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
]

function needTemp({ temp }: Context): NonNullable<Context['temp']> {
  present(temp, 'the target has a folder for files')
  return temp
}
