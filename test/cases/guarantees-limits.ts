/** Servers that send too much, without end, or something else than they said. */
import { equal, notOk, ok, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import type { Answer, Piece } from '../harness/recorder.ts'

const OK = 'HTTP/1.1 200 OK\r\n'
/** Twenty million zeros, gzip over gzip: 174 bytes, of which the outer coding makes 19 kB. */
const BOMB = {
  base64:
    'H4sIAAAAAAACA+3bOw4BARQF0BmmEAV6BYlaodNIaNQSUYsFWAOJqDQa28AW7EA3kSgsQBQSKt+xCpmcU736ljf3VRa5IJHJnndh+D2my9fmkssHAAAAQMpND7NsUgYE1Xfc7Q0AAACAtBsVC9GvFHgMyx1xAAAAQOrNW83SbyFwnYwjcQAAAEDqre6nZVIFtPfveL0NfU0AAMCfO2ae/VstqDfCD+GkO48JTAAA',
}
const BOMB_FIELDS = 'Content-Encoding: gzip, gzip\r\nContent-Length: 174\r\n'

/** Rejects with an error of ours, soon, and not because the case ran out of time. */
async function endsSoon(context: Context, what: string, send: readonly Piece[]): Promise<void> {
  const { requests, recorder } = context
  const recording = await recorder.play({ answers: [{ send, then: 'hang' }], verbatim: true })
  const started = Date.now()
  await rejects(
    requests.post(recording.url, { data: 'x', timeout: { connect: 250, read: 250, total: 1500 } }),
    requests.errors.RequestError,
  )
  ok(Date.now() - started < 5000, `${what} took ${String(Date.now() - started)} milliseconds`)
}

/** The first answer redirects to the second, which says `end`. */
function redirecting(url: string, send: readonly Piece[]): Answer[] {
  const head = `HTTP/1.1 302 Found\r\nLocation: ${url}\r\n`
  const [first, ...rest] = send
  return [
    { send: [head + String(first), ...rest], then: 'hang' },
    { send: `${OK}Content-Length: 3\r\n\r\nend` },
  ]
}

export const cases: readonly Case[] = [
  {
    name: 'guarantee 16: a header section, 1xx, chunk extensions or trailers without end are given up',
    run: async (context) => {
      const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n`
      await endsSoon(context, 'fields', [OK, { repeat: 'X-A: b\r\n', times: 1_000_000 }])
      await endsSoon(context, 'one field', [`${OK}X-A: `, { repeat: 'b', times: 8_000_000 }])
      await endsSoon(context, 'the status line', ['HTTP/1.1 200 ', { repeat: 'b', times: 8e6 }])
      await endsSoon(context, '1xx', [
        { repeat: 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', times: 100_000 },
      ])
      await endsSoon(context, 'extensions', [`${chunked}1;`, { repeat: 'a=b;', times: 2_000_000 }])
      await endsSoon(context, 'trailers', [
        `${chunked}0\r\n`,
        { repeat: 'X-A: b\r\n', times: 1_000_000 },
      ])
    },
  },
  {
    name: 'guarantee 16: more than 64 KiB of header fields are refused',
    // Elsewhere the runtime has a limit of its own, if any.
    needs: ['connectTimeout'],
    run: async ({ requests, recorder }) => {
      const field = `X-A: ${'b'.repeat(1017)}\r\n`
      const play = async (times: number): Promise<string> => {
        const send = [OK, { repeat: field, times }, 'Content-Length: 0\r\n\r\n']
        return (await recorder.play({ answers: [{ send }], verbatim: true })).url
      }
      equal((await requests.get(await play(62))).status, 200)
      await rejects(requests.get(await play(66)), requests.errors.ConnectionError)
    },
  },
  {
    name: 'guarantee 16: an announced length is a claim: nothing is reserved, maxBytes holds at once',
    run: async ({ requests, recorder, capabilities }) => {
      const { BodyTooLargeError } = requests.errors
      for (const length of ['1000000000', '999999999999999']) {
        const send = `${OK}Content-Length: ${length}\r\n\r\nabc`
        const recording = await recorder.play({
          // Chromium asks once more when the first call is over.
          answers: Array.from({ length: 6 }, () => ({ send, then: 'hang' as const })),
        })
        const call = requests.get(recording.url, { timeout: 1000 })
        const error = await rejects(call, requests.errors.RequestError)
        if (capabilities.rawBody) ok(error instanceof BodyTooLargeError, `${length}: ${error.name}`)
        const streamed = await requests.get(recording.url, { stream: true, timeout: 1000 })
        for await (const chunk of streamed) {
          equal(chunk.length, 3)
          break
        }
      }
      const lying = await recorder.play({
        answers: [{ send: `${OK}Content-Length: 3\r\n\r\nabcdefgh`, then: 'end' }],
      })
      // Some parsers refuse the rest, none may hand it on.
      const text = requests.get(lying.url, { maxBytes: 3 }).then((response) => response.text())
      const error = (problem: unknown): unknown => problem
      const outcome: unknown = await text.catch(error)
      ok(outcome === 'abc' || outcome instanceof requests.errors.RequestError, String(outcome))
    },
  },
  {
    name: 'guarantee 16: two lengths that differ, or a length beside chunks, are no second answer',
    run: async ({ requests, recorder }) => {
      for (const fields of [
        'Content-Length: 3\r\nContent-Length: 5\r\n',
        'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n',
      ]) {
        const body = '2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nX-Evil: 1\r\nContent-Length: 0\r\n\r\n'
        const recording = await recorder.play({
          answers: [
            { send: `${OK}${fields}\r\n${body}`, then: 'keep' },
            { send: `${OK}Content-Length: 4\r\n\r\ngood` },
          ],
        })
        const own = new requests.Session({ timeout: 1000 })
        try {
          // Whether this one is refused is the runtime's; that nothing is left of it is ours.
          await own.get(recording.url).catch(() => undefined)
          const next = await own.get(recording.url)
          notOk(next.headers.has('x-evil'), fields)
          equal(await next.text(), 'good', fields)
        } finally {
          await own.close()
        }
      }
    },
  },
  {
    name: 'guarantee 17: a bomb in the body of an error is stopped, one in a redirect never goes off',
    needs: ['rawBody', 'manualRedirect'],
    run: async ({ requests, recorder }) => {
      const failed = await recorder.play({
        answers: [{ send: [`HTTP/1.1 404 Not Found\r\n${BOMB_FIELDS}\r\n`, BOMB] }],
      })
      await rejects(requests.get(failed.url), requests.errors.BodyTooLargeError, {
        code: 'BODY_EXPANDS',
      })
      const target = await recorder.play({
        answers: [{ send: `${OK}Content-Length: 3\r\n\r\nend` }],
      })
      const head = `HTTP/1.1 302 Found\r\nLocation: ${target.url}\r\n${BOMB_FIELDS}\r\n`
      const moved = await recorder.play({ answers: [{ send: [head, BOMB] }] })
      const response = await requests.get(moved.url)
      equal(await response.text(), 'end')
      equal(response.history.length, 1)
    },
  },
  {
    name: 'guarantee 19: the body of a redirect without end is given up, and so is its connection',
    needs: ['manualRedirect'],
    run: async ({ session, recorder }) => {
      const target = await recorder.play()
      const [first] = redirecting(target.url, [
        'Content-Length: 1000000000\r\n\r\n',
        { repeat: 'x', times: 100_000_000 },
      ])
      const moved = await recorder.play({ answers: first === undefined ? [] : [first] })
      const response = await session().get(moved.url, { timeout: 2000 })
      equal(await response.text(), 'ok')
      await moved.requests({ closed: 1 })
    },
  },
  {
    name: 'guarantee 5: a flood of cookies leaves a bounded jar, and the page of another host its own',
    needs: ['cookies'],
    run: async ({ session, recorder }) => {
      const own = session()
      own.cookies.set('kept', '1', { domain: 'other.test' })
      const flood = Array.from(
        { length: 250 },
        (_, at) => `Set-Cookie: c${String(at)}=${'v'.repeat(5)}\r\n`,
      )
      const recording = await recorder.play({
        answers: [{ send: `${OK}${flood.join('')}Content-Length: 0\r\n\r\n` }],
        verbatim: true,
      })
      equal((await own.get(recording.url)).status, 200)
      ok(own.cookies.size <= 181, String(own.cookies.size))
      equal(own.cookies.get('kept'), '1')
    },
  },
  {
    name: 'guarantee 16: a hundred thousand header fields are read in linear time',
    run: async ({ requests }) => {
      await Promise.resolve()
      const fields = Array.from({ length: 100_000 }, (_, at) => [`x-${String(at)}`, 'v'] as const)
      const started = Date.now()
      const response = new requests.Response('', {
        headers: [...fields, ['link', '<'.repeat(1e5)]],
      })
      equal(response.headers.get('x-99999'), 'v')
      equal([...response.headers].length, 100_001)
      equal(Object.keys(response.links).length, 0)
      ok(JSON.stringify(response).length > 1_000_000)
      ok(Date.now() - started < 5000, `${String(Date.now() - started)} milliseconds`)
    },
  },
]
