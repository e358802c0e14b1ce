/** What a source may be and do: every kind of input, refilled buffers, wrong lengths, every failure. */
import { bytesEqual, equal, notOk, ok, present, rejects } from '../harness/assert.ts'
import type { Case, Context, Ubiquest } from '../harness/case.ts'
import { newTag } from '../harness/recorder.ts'
import { bodyText, fromBase64, readEcho, sent, utf8 } from './echo.ts'
import { endless, MIB } from './endless.ts'

type Data = NonNullable<NonNullable<Parameters<Ubiquest['post']>[1]>['data']>

export const cases: readonly Case[] = [
  {
    name: 'uploads: URLSearchParams, lists of bytes and text, and views of a part of a buffer',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const form = await readEcho(
        await requests.post(url, { data: new URLSearchParams('a=1&a=%C3%BC') }),
      )
      equal(bodyText(form), 'a=1&a=%C3%BC')
      equal(sent(form, 'content-type')[0]?.split(';')[0], 'application/x-www-form-urlencoded')
      const bytes = utf8('0123456789')
      const inputs: readonly [Data, string][] = [
        [bytes.subarray(2, 5), '234'],
        [new DataView(bytes.buffer, 3, 4), '3456'],
        [new Uint16Array(bytes.buffer, 2, 2), '2345'],
        [['a', bytes.subarray(0, 2), 'ü'], 'a01ü'],
        ['', ''],
      ]
      for (const [data, text] of inputs) {
        const echo = await readEcho(await requests.post(url, { data }))
        equal(bodyText(echo), text)
        equal(echo.framing, { contentLength: String(utf8(text).length), transferEncoding: null })
      }
    },
  },
  {
    name: "uploads: the engine's own FormData goes out by our encoder, byte for byte",
    run: async ({ requests, recorder, capabilities }) => {
      if (typeof FormData === 'undefined') {
        notOk(capabilities.nativeResponse, 'every engine with fetch has one')
        return
      }
      const form = new FormData()
      form.append('te"xt\r', 'eins\nzwei')
      form.append('file', new File(['<p>'], 'ü "x"\r\n.bin', { type: 'image/x-test' }))
      form.append('blob', new Blob([new Uint8Array([1, 2, 3])]))
      const recording = await recorder.play()
      await requests.post(recording.url, { data: form })
      const [request] = await recording.requests({ complete: 1 })
      present(request)
      const boundary = /boundary="?([^\s";]+)/.exec(request.head)?.[1] ?? ''
      const expected = FORM.replaceAll('BOUNDARY', boundary)
      bytesEqual(fromBase64(request.contentBase64), utf8(expected))
      equal([request.framing, request.contentLength], ['length', utf8(expected).length])
    },
  },
  {
    name: 'uploads: generators of text and bytes, async or not, and streams of both',
    needs: ['streamUpload'],
    run: async ({ requests, servers }) => {
      const values = ['eins ', utf8('zwei '), new Uint8Array(0), '', utf8('drei').buffer]
      const sources: readonly (() => Data)[] = [
        function* () {
          yield* values
        },
        async function* () {
          for (const value of values) yield await Promise.resolve(value)
        },
        () => new Set(values),
        () =>
          new ReadableStream<string | Uint8Array | ArrayBuffer>({
            start: (controller) => {
              for (const value of values) controller.enqueue(value)
              controller.close()
            },
          }),
      ]
      for (const make of sources) {
        const echo = await readEcho(await requests.post(`${servers.http}/echo`, { data: make() }))
        equal(bodyText(echo), 'eins zwei drei')
        equal(echo.framing, { contentLength: null, transferEncoding: 'chunked' })
      }
    },
  },
  {
    name: 'uploads: a source may fill the buffer it has given again',
    needs: ['streamUpload'],
    run: async ({ requests, servers, control, hash }) => {
      for (const size of [1000, 10_000, 20_000, 70_000]) {
        const count = Math.floor((12 * MIB) / size)
        const expected = new Uint8Array(count * size)
        for (let at = 0; at < count; at++) expected.fill(at, at * size, (at + 1) * size)
        const buffer = new Uint8Array(size)
        const data = async function* (): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < count; at++) yield await Promise.resolve(buffer.fill(at))
        }
        const tag = newTag()
        const sending = requests.post(`${servers.http}/never-read?tag=${tag}`, { data: data() })
        await control(`/wait?tag=${tag}&event=stalled`)
        await control(`/release?tag=${tag}`, {})
        const { bodySha256 } = await (await sending).json<{ bodySha256: string }>()
        equal(bodySha256, await hash(expected), `${String(size)} bytes at a time`)
      }
    },
  },
  {
    name: 'uploads: a stream that gives nothing is an empty body, and no byte is too many for 0',
    needs: ['streamUpload', 'uploadLength'],
    run: async ({ requests, servers, recorder }) => {
      const echo = await readEcho(await requests.post(`${servers.http}/echo`, { data: give([]) }))
      equal(echo.bodyLength, 0)
      const headers = { 'Content-Length': '0' }
      const none = await requests.post(`${servers.http}/echo`, { data: give(['']), headers })
      equal((await readEcho(none)).framing, { contentLength: '0', transferEncoding: null })
      const recording = await recorder.play()
      await rejects(
        requests.post(recording.url, { data: give(['a']), headers }),
        requests.errors.RequestError,
        { code: 'CONTENT_LENGTH_MISMATCH' },
      )
    },
  },
  {
    name: 'uploads: an early answer on a connection that is closed at once gives the source up',
    needs: ['streamUpload'],
    run: async ({ requests, servers }) => {
      const source = endless()
      const sending = requests.post(`${servers.http}/early-413?abrupt`, { data: source.data() })
      // A reset may overtake the answer, on the wire and in the kernel.
      const outcome = await sending.catch((error: unknown) => error)
      if (outcome instanceof Error) {
        const { ConnectionError, IncompleteBodyError } = requests.errors
        ok([ConnectionError, IncompleteBodyError].some((kind) => outcome instanceof kind))
      } else equal((await sending).status, 413)
      await source.closed
    },
  },
  {
    name: 'uploads: whatever a source throws, and whenever, is the outcome, and no request is whole',
    needs: ['streamUpload'],
    run: async (context) => {
      for (const problem of [new Error('on fire'), 'a text', undefined]) {
        for (const before of [0, 1, 100_000]) {
          for (const make of [failingGenerator, failingIterable, failingStream]) {
            await fail(context, make(before, problem), problem)
            if (before < 100_000 || !context.capabilities.uploadLength) continue
            await fail(context, make(before, problem), problem, { 'Content-Length': '200000' })
          }
          const part = failingGenerator(before, problem)
          await fail(context, null, problem, {}, { part: ['part.bin', part] })
        }
      }
    },
  },
]

const FORM = [
  '--BOUNDARY\r\nContent-Disposition: form-data; name="te%22xt%0D%0A"\r\n\r\neins\r\nzwei\r\n',
  '--BOUNDARY\r\nContent-Disposition: form-data; name="file"; ',
  'filename="ü %22x%22%0D%0A.bin"\r\nContent-Type: image/x-test\r\n\r\n<p>\r\n',
  '--BOUNDARY\r\nContent-Disposition: form-data; name="blob"; filename="blob"\r\n',
  'Content-Type: application/octet-stream\r\n\r\n\u0001\u0002\u0003\r\n--BOUNDARY--\r\n',
].join('')

async function fail(
  { requests, recorder }: Context,
  data: Data | null,
  problem: unknown,
  headers: Record<string, string> = {},
  files: Record<string, [string, AsyncIterable<Uint8Array>]> | null = null,
): Promise<void> {
  const recording = await recorder.play()
  // Where the length is promised, the head and some bytes have surely left.
  const wait = headers['Content-Length'] === undefined ? {} : { closed: 1 }
  const outcome = await requests.post(recording.url, { data, headers, files }).then(
    () => ({ thrown: 'nothing' }),
    (thrown: unknown) => ({ thrown }),
  )
  ok(outcome.thrown === problem, `the very thing: ${String(outcome.thrown)}`)
  for (const request of await recording.requests(wait)) notOk(request.complete)
}

async function* give(values: readonly string[]): AsyncGenerator<string> {
  for (const value of values) yield await Promise.resolve(value)
}

async function* failingGenerator(before: number, problem: unknown): AsyncGenerator<Uint8Array> {
  if (before > 0) yield await Promise.resolve(new Uint8Array(before))
  throw problem
}

function* failingIterable(before: number, problem: unknown): Generator<Uint8Array> {
  if (before > 0) yield new Uint8Array(before)
  throw problem
}

function failingStream(before: number, problem: unknown): ReadableStream<Uint8Array> {
  let given = before === 0
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (given) controller.error(problem)
        else controller.enqueue(new Uint8Array(before))
        given = true
      },
    },
    { highWaterMark: 0 },
  )
}
