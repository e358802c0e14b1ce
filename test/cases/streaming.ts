/** Bodies read piece by piece: text, events, documents; and what becomes of the connection. */
import { bytesEqual, equal, match, ok, present, rejects } from '../harness/assert.ts'
import type { Case, Ubiquest } from '../harness/case.ts'
import { pattern } from '../harness/pattern.ts'
import { newTag } from '../harness/recorder.ts'
import { aborted } from './aborted.ts'

type Response = Awaited<ReturnType<Ubiquest['get']>>

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

const ENDLESS = 1_000_000_000

export const cases: readonly Case[] = [
  {
    name: 'streaming: iterContent with decode gives text and splits no character',
    run: async ({ requests, servers }) => {
      const expected = Array.from({ length: 5 }, (_, at) => `line ${String(at + 1)} é☃\n`).join('')
      const url = `${servers.http}/lines?chunk=1`
      const streamed = await requests.get(url, { stream: true })
      equal((await all(streamed.iterContent({ decode: true }))).join(''), expected)
      const sized = await requests.get(url)
      const texts = await all(sized.iterContent({ chunkSize: 1, decode: true }))
      ok(texts.includes('☃') && !texts.includes(''))
      equal(texts.join(''), expected)
      equal(await all(sized.iterContent({ decode: true })), [expected])
    },
  },
  {
    name: 'streaming: textStream gives the text as it arrives, and gives the body up when cancelled',
    run: async (context) => {
      const { requests, servers } = context
      const url = `${servers.http}/lines?chunk=1`
      const streamed = await requests.get(url, { stream: true })
      const reader = streamed.textStream().getReader()
      ok(streamed.bodyUsed)
      await rejects(streamed.text(), requests.errors.StreamConsumedError)
      let text = ''
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        text += next.value
      }
      equal(text, Array.from({ length: 5 }, (_, at) => `line ${String(at + 1)} é☃\n`).join(''))
      const buffered = await requests.get(url)
      equal((await buffered.textStream().getReader().read()).value, text)
      equal(await buffered.text(), text)
      const tag = newTag()
      const endless = `${servers.http}/bytes/${String(ENDLESS)}?tag=${tag}`
      const dropped = await requests.get(endless, { stream: true })
      await dropped.textStream().cancel()
      await aborted(context, tag, 1)
    },
  },
  {
    name: 'streaming: iterEvents gives events as they come, with id and type',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/events?count=3`, { stream: true })
      const events = await all(response.iterEvents())
      equal(
        events,
        [1, 2, 3].map((n) => ({
          event: 'tick',
          data: `{"n":${String(n)}}\nsecond line`,
          id: String(n),
          retry: null,
        })),
      )
    },
  },
  {
    name: 'streaming: the first event is there long before the last',
    run: async (context) => {
      const { requests, servers } = context
      const tag = newTag()
      const url = `${servers.http}/events?count=10000&delay=50&tag=${tag}`
      const response = await requests.get(url, { stream: true })
      for await (const { id } of response.iterEvents()) {
        if (id === '2') break
      }
      await aborted(context, tag, 1)
    },
  },
  {
    name: 'streaming: an event or a line without end is refused before it fills the memory',
    run: async (context) => {
      const { requests, servers } = context
      const { BodyTooLargeError } = requests.errors
      const tag = newTag()
      const url = `${servers.http}/gzip?size=${String(ENDLESS)}&fill=zero&tag=${tag}`
      const readers = ['iterEvents', 'iterLines', 'iterJSON'] as const
      for (const name of readers) {
        const response = await requests.get(url, { stream: true })
        const error = await rejects(
          all<unknown>(response[name]({ maxLength: 1e5 })),
          BodyTooLargeError,
        )
        equal((error as { code?: string }).code, 'RECORD_TOO_LARGE', name)
      }
      await aborted(context, tag, readers.length)
    },
  },
  {
    name: 'streaming: iterJSON gives one document per line and names the line that is none',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/ndjson?count=3`, { stream: true })
      const documents = await all(response.iterJSON<{ n: number; text: string }>())
      equal(
        documents,
        [1, 2, 3].map((n) => ({ n, text: 'é\n☃' })),
      )
      const broken = new requests.Response('{"a":1}\n\n{"a":')
      const error = await rejects(all(broken.iterJSON()), requests.errors.JSONDecodeError)
      match(error.message, /Line 3/)
    },
  },
  {
    name: 'streaming: leaving early in any way frees the connection',
    run: async (context) => {
      const { servers, session } = context
      const tag = newTag()
      const own = session()
      const open = async (): Promise<Response> =>
        await own.get(`${servers.http}/stream/${String(ENDLESS)}?tag=${tag}`, { stream: true })
      for await (const chunk of await open()) {
        ok(chunk.length > 0)
        break
      }
      await rejects(
        (async () => {
          for await (const line of (await open()).iterLines())
            throw new RangeError(line.slice(0, 1))
        })(),
        RangeError,
      )
      await (await open()).close()
      await (await open())[Symbol.asyncDispose]()
      const stream = await open()
      present(stream.body)
      await stream.body.cancel()
      const reading = await open()
      await reading.iterContent().next()
      await reading.close()
      await aborted(context, tag, 6)
      equal((await own.get(`${servers.http}/status/200`)).status, 200)
    },
  },
  {
    name: 'streaming: an abort while the body is read rejects with its reason and frees the connection',
    run: async (context) => {
      const { requests, servers } = context
      const tag = newTag()
      const controller = new AbortController()
      const response = await requests.get(`${servers.http}/stream/${String(ENDLESS)}?tag=${tag}`, {
        stream: true,
        signal: controller.signal,
      })
      const reason = new RangeError('enough')
      const error = await rejects(
        (async () => {
          for await (const chunk of response) if (chunk.length > 0) controller.abort(reason)
        })(),
        RangeError,
      )
      ok(error === reason)
      await aborted(context, tag, 1)
    },
  },
  {
    name: 'streaming: a response that was handed on as a native one still ends at its signal',
    needs: ['nativeResponse'],
    run: async (context) => {
      const { requests, servers } = context
      const tag = newTag()
      const controller = new AbortController()
      const response = await requests.get(`${servers.http}/stream/${String(ENDLESS)}?tag=${tag}`, {
        stream: true,
        signal: controller.signal,
      })
      const { body } = response.toResponse()
      present(body)
      const reader = body.getReader()
      await reader.read()
      controller.abort(new RangeError('enough'))
      await rejects(
        (async () => {
          while (!(await reader.read()).done);
        })(),
        RangeError,
      )
      await aborted(context, tag, 1)
    },
  },
  {
    name: 'streaming: closing the session ends what nobody has read',
    run: async (context) => {
      const { requests, servers } = context
      const tag = newTag()
      const own = new requests.Session()
      const url = `${servers.http}/stream/${String(ENDLESS)}?tag=${tag}`
      const unread = await own.get(url, { stream: true })
      const begun = await own.get(url, { stream: true })
      const chunks = begun.iterContent()
      await chunks.next()
      await own.close()
      await rejects(unread.bytes(), requests.errors.ConnectionError, { code: 'SESSION_CLOSED' })
      await rejects(all(chunks), requests.errors.ConnectionError, { code: 'SESSION_CLOSED' })
      await aborted(context, tag, 2)
    },
  },
  {
    name: 'streaming: an unread body stops the server after a few MiB',
    needs: ['rawBody'],
    run: async ({ control, servers, session }) => {
      const tag = newTag()
      const url = `${servers.http}/pour?tag=${tag}`
      const response = await session().get(url, { stream: true })
      const { events } = (await control(`/wait?tag=${tag}&event=stalled`)) as {
        events: { bytes: number }[]
      }
      present(events[0])
      // What the kernel's own buffers hold on both sides is in it.
      ok(events[0].bytes < 16 * 1024 * 1024, `the server sent ${String(events[0].bytes)} bytes`)
      await response.close()
    },
  },
  {
    name: 'streaming: a clone reads the same body, and its limit is the same',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/bytes/300000`
      const response = await requests.get(url, { stream: true })
      const copy = response.clone()
      const [mine, other] = await Promise.all([response.bytes(), copy.bytes()])
      equal([mine.length, other.length], [300_000, 300_000])
      const limited = await requests.get(url, { stream: true, maxBytes: 299_999 })
      const second = limited.clone()
      await rejects(limited.bytes(), requests.errors.BodyTooLargeError)
      await rejects(second.text(), requests.errors.BodyTooLargeError)
    },
  },
  {
    name: 'streaming: chunks that are kept stay what they were while other bodies are read and saved',
    run: async ({ requests, servers, temp }) => {
      const length = 8 * 1024 * 1024
      const open = (seed: number): Promise<Response> =>
        requests.get(`${servers.http}/bytes/${String(length)}?seed=${String(seed)}`, {
          stream: true,
        })
      const kept = async (seed: number): Promise<void> => {
        const chunks = await all((await open(seed)).iterContent())
        const expected = pattern(seed, 0, length)
        let at = 0
        for (const chunk of chunks) {
          bytesEqual(chunk, expected.subarray(at, at + chunk.length))
          at += chunk.length
        }
        equal(at, length)
      }
      const whole = async (seed: number): Promise<void> => {
        bytesEqual(await (await open(seed)).bytes(), pattern(seed, 0, length))
      }
      const saved = async (seed: number): Promise<void> => {
        if (temp === null) return
        const path = await (await open(seed)).save(temp.path(`kept-${String(seed)}`))
        bytesEqual(await temp.read(path), pattern(seed, 0, length))
      }
      await Promise.all([saved(1), kept(2), saved(3), whole(4)])
    },
  },
]
