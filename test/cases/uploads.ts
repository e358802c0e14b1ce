/** Uploads in flight: no more is pulled than the peer takes, and what is given up is closed. */
import { equal, notOk, ok, present, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { httpAnswer } from '../harness/recorder.ts'
import { bodyText, readEcho, sent } from './echo.ts'
import { CHUNK, endless, IN_FLIGHT, MIB, stall } from './endless.ts'

export const cases: readonly Case[] = [
  {
    name: 'uploads: a source is not pulled while the server does not read, chunked or with a length',
    needs: ['streamUpload'],
    run: async (context) => {
      for (const headers of [{}, { 'Content-Length': String(64 * MIB) }]) {
        const { pulled, arrived } = await stall(context, context.servers.http, headers)
        ok(arrived > 0, 'something has been sent')
        // A busy server has read a part before it stops; the kernel of its side may hold much.
        const held = pulled - arrived
        ok(held <= IN_FLIGHT, `${String(pulled)} bytes pulled, ${String(arrived)} arrived`)
        ok(pulled < 64 * MIB, 'it has not been pulled to its end')
      }
    },
  },
  {
    name: 'uploads: an early 413 is the answer, and the source is given up',
    needs: ['streamUpload'],
    run: async ({ requests, servers }) => {
      // By itself it never ends: how far it comes before the answer is the machine's affair.
      const source = endless(Infinity)
      const response = await requests.post(`${servers.http}/early-413`, { data: source.data() })
      equal(response.status, 413)
      equal(await response.text(), 'too large')
      await source.closed
    },
  },
  {
    name: 'uploads: a reset rejects, and the source is given up',
    needs: ['streamUpload'],
    run: async ({ requests, recorder }) => {
      const recording = await recorder.play({ answers: [{ after: 'bytes:100000', then: 'reset' }] })
      const source = endless()
      await rejects(
        requests.post(recording.url, { data: source.data() }),
        requests.errors.ConnectionError,
      )
      await source.closed
    },
  },
  {
    name: 'uploads: an abort cancels a web stream with the reason, on a connection that is cut',
    needs: ['streamUpload'],
    run: async ({ requests, recorder }) => {
      const recording = await recorder.play({ answers: [{ then: 'hang' }] })
      const controller = new AbortController()
      const reason = new TypeError('enough')
      let cancelled: (reason: unknown) => void = () => undefined
      const cancelling = new Promise<unknown>((resolve) => (cancelled = resolve))
      let pulls = 0
      const data = new ReadableStream<Uint8Array>(
        {
          pull: (stream) => {
            if (++pulls === 4) controller.abort(reason)
            stream.enqueue(new Uint8Array(CHUNK))
          },
          cancel: (why) => {
            cancelled(why)
          },
        },
        { highWaterMark: 0 },
      )
      const sending = requests.post(recording.url, { data, signal: controller.signal })
      ok((await rejects(sending, TypeError)) === reason, 'the very reason')
      ok((await cancelling) === reason, 'the source hears the reason')
      for (const request of await recording.requests()) notOk(request.complete)
    },
  },
  {
    name: 'uploads: a known length is sent as one, whatever the source is made of',
    run: async ({ requests, servers, capabilities }) => {
      const url = `${servers.http}/echo`
      const parts = ['eins', new Uint8Array([1, 2, 3])]
      const echo = await readEcho(await requests.post(url, { data: parts }))
      equal(echo.framing, { contentLength: '7', transferEncoding: null })
      if (!capabilities.uploadLength) return
      const multipart = await readEcho(
        await requests.post(url, {
          data: { a: '1' },
          files: { b: requests.file(new Blob([new Uint8Array(2 * MIB)])) },
        }),
      )
      equal(multipart.framing, {
        contentLength: String(multipart.bodyLength),
        transferEncoding: null,
      })
      ok(multipart.bodyLength > 2 * MIB)
    },
  },
  {
    name: 'uploads: a function is called once per attempt, so that a redirect can repeat a stream',
    needs: ['streamUpload', 'manualRedirect'],
    run: async ({ requests, servers, recorder }) => {
      const location = `${servers.http}/echo`
      const recording = await recorder.play({
        answers: [{ send: httpAnswer(307, { Location: location }) }],
      })
      let calls = 0
      const data = async function* (): AsyncGenerator<string> {
        calls += 1
        yield await Promise.resolve('once more')
      }
      equal(bodyText(await readEcho(await requests.post(recording.url, { data }))), 'once more')
      equal(calls, 2)
      const spent = await recorder.play({
        answers: [{ send: httpAnswer(307, { Location: location }) }],
      })
      await rejects(
        requests.post(spent.url, { data: data() }),
        requests.errors.UnrewindableBodyError,
      )
    },
  },
  {
    name: 'uploads: a function may return a form or a FormData, whose type goes along',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const form = await readEcho(await requests.post(url, { data: () => ({ a: ['b', 'c'] }) }))
      equal(sent(form, 'content-type'), ['application/x-www-form-urlencoded'])
      equal([bodyText(form), sent(form, 'content-length')], ['a=b&a=c', ['7']])
      const typed = await readEcho(
        await requests.post(url, { data: () => ({ a: 'b' }), headers: { 'Content-Type': 'x/y' } }),
      )
      equal(sent(typed, 'content-type'), ['x/y'])
      if (typeof FormData === 'undefined') return
      const data = (): FormData => {
        const made = new FormData()
        made.append('name', 'value')
        made.append('file', new Blob(['bytes'], { type: 'text/x-own' }), 'own.txt')
        return made
      }
      const echo = await readEcho(await requests.post(url, { data }))
      const [type = ''] = sent(echo, 'content-type')
      const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(type)?.[1] ?? 'none'
      ok(bodyText(echo).startsWith(`--${boundary}\r\n`), type)
      ok(bodyText(echo).includes('filename="own.txt"\r\nContent-Type: text/x-own\r\n\r\nbytes'))
      const own = { 'Content-Type': 'multipart/form-data; boundary=mine' }
      await rejects(requests.post(url, { data, headers: own }), requests.errors.InvalidHeaderError)
    },
  },
  {
    name: 'uploads: a multipart Content-Type of the caller must leave the boundary to us',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/echo`
      const files = { a: ['a.txt', 'x'] as [string, string] }
      const sending = async (type: string): Promise<unknown> =>
        await requests.post(url, { files, headers: { 'content-type': type } })
      for (const type of ['multipart/form-data', 'Multipart/Form-Data; charset=utf-8']) {
        await rejects(sending(type), requests.errors.InvalidHeaderError, { message: /boundary/ })
      }
      const echo = await readEcho(await requests.post(url, { files }))
      const [type] = sent(echo, 'content-type')
      present(type)
      ok(bodyText(echo).startsWith(`--${type.slice(type.indexOf('=') + 1)}\r\n`))
    },
  },
]
