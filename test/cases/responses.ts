/** What a response offers, buffered and streamed. */
import { bytesEqual, equal, match, notOk, ok, present, rejects, throws } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { pattern } from '../harness/pattern.ts'

export const cases: readonly Case[] = [
  {
    name: 'responses: a buffered body is read any number of times, by every reader',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/bytes/1000`)
      const expected = pattern(0, 0, 1000)
      bytesEqual(response.content, expected)
      bytesEqual(await response.bytes(), expected)
      bytesEqual(new Uint8Array(await response.arrayBuffer()), expected)
      equal((await response.text()).length, (await response.text()).length)
      notOk(response.bodyUsed)
      const copy = response.clone()
      bytesEqual(copy.content, expected)
      equal(copy.status, 200)
    },
  },
  {
    name: 'responses: json() and its error',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/json`)
      const { text } = await response.json<{ text: string }>()
      match(text, /snow ☃, clef 𝄞/)
      const broken = await requests.get(`${servers.http}/invalid-json`)
      await rejects(broken.json(), requests.errors.JSONDecodeError, { code: 'INVALID_JSON' })
    },
  },
  {
    name: 'responses: text follows the charset of the answer, and encoding overrules it',
    run: async ({ requests, servers }) => {
      const latin = await requests.get(`${servers.http}/text?charset=iso-8859-1`)
      equal(await latin.text(), 'Grüße aus Köln')
      const unnamed = await requests.get(`${servers.http}/text?hex=e4f6fc`)
      unnamed.encoding = 'latin1'
      equal(await unnamed.text(), 'äöü')
      // What the web calls Latin-1 is Windows-1252, from the first octet to the last.
      for (const label of ['iso-8859-1', 'windows-1252', 'us-ascii']) {
        const quoted = await requests.get(`${servers.http}/text?charset=${label}&hex=93803192`)
        equal(await quoted.text(), '“€1’')
      }
    },
  },
  {
    name: 'responses: raiseForStatus raises for 4xx and 5xx and returns the rest',
    run: async ({ requests, servers }) => {
      const good = await requests.get(`${servers.http}/status/201`)
      ok(good.raiseForStatus() === good)
      for (const status of [404, 418, 500, 503]) {
        const response = await requests.get(`${servers.http}/status/${String(status)}`)
        notOk(response.ok)
        const error = throws(() => response.raiseForStatus(), requests.errors.HTTPError)
        match(error.message, new RegExp(`^${String(status)} (Client|Server) Error`))
        ok(error.response === response)
        ok(requests.isHTTPError(error) && requests.isRequestError(error))
        notOk(requests.isTimeoutError(error))
      }
    },
  },
  {
    name: 'responses: raiseForStatus as an option rejects',
    run: async ({ requests, servers }) => {
      await rejects(
        requests.get(`${servers.http}/status/404`, { raiseForStatus: true }),
        requests.errors.HTTPError,
      )
    },
  },
  {
    name: 'responses: repeated header fields are joined, names are found in any case',
    run: async ({ requests, servers }) => {
      const { headers } = await requests.get(`${servers.http}/headers?count=3`)
      equal(headers.get('X-REPEATED'), 'one, two')
      equal(headers.get('x-field-2'), 'v'.repeat(10))
      equal(headers.get('x-none'), null)
      ok([...headers.keys()].includes('x-field-0'))
    },
  },
  {
    name: 'responses: 204 and HEAD have no body',
    run: async ({ requests, servers }) => {
      const empty = await requests.get(`${servers.http}/status/204`)
      equal(empty.body, null)
      equal(await empty.text(), '')
      const head = await requests.head(`${servers.http}/bytes/1000`)
      equal(head.headers.get('content-length'), '1000')
      equal(head.content.length, 0)
    },
  },
  {
    name: 'responses: stream: true leaves the body to iterContent, in chunks of exactly n bytes',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/bytes/100000`, { stream: true })
      throws(() => response.content, requests.errors.BodyNotReadError, { message: /bytes\(\)/ })
      const sizes: number[] = []
      const parts: number[] = []
      for await (const chunk of response.iterContent(30_000)) {
        sizes.push(chunk.length)
        for (const byte of chunk) parts.push(byte)
      }
      equal(sizes, [30_000, 30_000, 30_000, 10_000])
      bytesEqual(Uint8Array.from(parts), pattern(0, 0, 100_000))
      ok(response.bodyUsed)
      await rejects(response.bytes(), requests.errors.StreamConsumedError)
    },
  },
  {
    name: 'responses: a streamed body through a web stream',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/stream/200000`, { stream: true })
      present(response.body)
      notOk(response.bodyUsed)
      const reader = response.body.getReader()
      let length = 0
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        length += value.length
      }
      equal(length, 200_000)
      ok(response.bodyUsed)
    },
  },
  {
    name: 'responses: iterLines over every line end, cut anywhere',
    run: async ({ requests, servers }) => {
      const expected = Array.from({ length: 5 }, (_, index) => `line ${String(index + 1)} é☃`)
      for (const end of ['lf', 'crlf', 'cr']) {
        const response = await requests.get(`${servers.http}/lines?end=${end}`, { stream: true })
        const lines: string[] = []
        for await (const line of response.iterLines()) lines.push(line)
        equal(lines, expected, end)
      }
    },
  },
  {
    name: 'responses: leaving early and close() free the connection',
    run: async ({ session, servers }) => {
      const own = session()
      for (let round = 0; round < 3; round++) {
        const response = await own.get(`${servers.http}/stream/50000000`, { stream: true })
        for await (const chunk of response) {
          ok(chunk.length > 0)
          break
        }
      }
      const closed = await own.get(`${servers.http}/stream/50000000`, { stream: true })
      await closed.close()
      equal((await own.get(`${servers.http}/status/200`)).status, 200)
    },
  },
  {
    name: 'responses: maxBytes stops a body that is too large',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/bytes/100000`
      await rejects(requests.get(url, { maxBytes: 99_999 }), requests.errors.BodyTooLargeError)
      equal((await requests.get(url, { maxBytes: 100_000 })).content.length, 100_000)
      await rejects(
        requests.get(`${servers.http}/stream/100000`, { maxBytes: 10 }),
        requests.errors.BodyTooLargeError,
      )
    },
  },
  {
    name: 'responses: save() to a path leaves the whole file under its name',
    needs: ['paths'],
    run: async ({ requests, servers, temp, hash }) => {
      present(temp)
      const path = temp.path('saved.bin')
      const response = await requests.get(`${servers.http}/bytes/3000000`, { stream: true })
      equal(await response.save(path), path)
      equal(await hash(await temp.read(path)), await hash(pattern(0, 0, 3_000_000)))
      equal(await temp.list(), ['saved.bin'])
    },
  },
  {
    name: 'responses: save() of a body that breaks off leaves nothing',
    needs: ['paths'],
    run: async ({ requests, servers, temp }) => {
      present(temp)
      const url = `${servers.http}/bytes/3000000?cut=1000000`
      const response = await requests.get(url, { stream: true })
      await rejects(response.save(temp.path('broken.bin')), requests.errors.IncompleteBodyError)
      equal(await temp.list(), [])
    },
  },
  {
    name: 'responses: save() into a writable stream',
    run: async ({ requests, servers }) => {
      let length = 0
      const counter = {
        getWriter: () => ({
          ready: Promise.resolve(),
          write: (chunk: Uint8Array) => {
            length += chunk.length
            return Promise.resolve()
          },
          close: () => Promise.resolve(),
          abort: () => Promise.resolve(),
        }),
      }
      const response = await requests.get(`${servers.http}/bytes/100000`, { stream: true })
      await response.save(counter as unknown as WritableStream<Uint8Array<ArrayBuffer>>)
      equal(length, 100_000)
    },
  },
  {
    name: 'responses: download progress begins, ends and counts decoded bytes',
    run: async ({ requests, servers }) => {
      const events: [number, number | null][] = []
      await requests.get(`${servers.http}/bytes/100000`, {
        onDownloadProgress: ({ transferred, total }) => events.push([transferred, total]),
      })
      ok(events.length > 0)
      equal(events.at(-1), [100_000, 100_000])
    },
  },
  {
    name: 'responses: a response made by hand, for mocks',
    run: async ({ requests }) => {
      const response = new requests.Response('{"a":1}', {
        status: 404,
        headers: { 'Content-Type': 'application/json' },
      })
      equal(await response.json(), { a: 1 })
      equal(response.headers.get('content-type'), 'application/json')
      throws(() => response.raiseForStatus(), requests.errors.HTTPError)
    },
  },
]
