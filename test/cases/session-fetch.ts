/** `session.fetch`: a WHATWG fetch with the session's cookies, headers and limits. */
import { equal, match, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { bodyText, sent, utf8 } from './echo.ts'
import type { Echo } from './echo.ts'

const json = async (response: Response): Promise<Echo> => {
  equal(response.status, 200)
  // What `/echo` answers.
  return (await response.json()) as Echo
}

export const cases: readonly Case[] = [
  {
    name: 'fetch: one function for the life of the session, usable without it',
    needs: ['nativeResponse'],
    run: async ({ session, servers }) => {
      const own = session({ params: { s: 1 } })
      const { fetch } = own
      equal(fetch, own.fetch)
      const echo = await json(await fetch(new URL(`${servers.http}/echo`)))
      equal([echo.method, echo.url], ['GET', '/echo?s=1'])
    },
  },
  {
    name: 'fetch: bodies and their types are those of Fetch',
    needs: ['nativeResponse'],
    run: async ({ session, servers }) => {
      const { fetch } = session()
      const rows: [BodyInit, string, RegExp | null][] = [
        ['täxt', 'täxt', /^text\/plain;charset=UTF-8$/i],
        [new URLSearchParams({ a: 'ä' }), 'a=%C3%A4', /^application\/x-www-form-urlencoded/],
        [new Blob(['blob'], { type: 'x/y' }), 'blob', /^x\/y$/],
        [new Uint8Array([65]), 'A', null],
      ]
      for (const [body, text, type] of rows) {
        const echo = await json(await fetch(`${servers.http}/echo`, { method: 'POST', body }))
        equal(bodyText(echo), text)
        if (type === null) equal(sent(echo, 'content-type'), [])
        else match(sent(echo, 'content-type').join(), type)
      }
      const form = new FormData()
      form.set('field', 'value')
      const echo = await json(await fetch(`${servers.http}/echo`, { method: 'PUT', body: form }))
      match(bodyText(echo), /name="field"\r\n\r\nvalue\r\n/)
    },
  },
  {
    name: 'fetch: a Request is sent with its method, headers and body, init goes over it',
    needs: ['nativeResponse'],
    run: async ({ session, servers }) => {
      const { fetch } = session()
      const headers = { 'X-A': 'request', 'Content-Type': 'x/y' }
      const make = (): Request =>
        new Request(`${servers.http}/echo?a=b`, { method: 'PUT', body: 'of the request', headers })
      const echo = await json(await fetch(make()))
      equal([echo.method, echo.url, bodyText(echo)], ['PUT', '/echo?a=b', 'of the request'])
      equal([sent(echo, 'x-a'), sent(echo, 'content-type')], [['request'], ['x/y']])
      const other = await json(
        await fetch(make(), { method: 'POST', body: 'other', headers: [['X-A', 'init']] }),
      )
      equal([other.method, bodyText(other), sent(other, 'x-a')], ['POST', 'other', ['init']])
    },
  },
  {
    name: 'fetch: a Request beside a URL is forwarded to it, without what belongs to its connection',
    needs: ['nativeResponse'],
    run: async ({ session, servers }) => {
      const headers = { 'X-A': 'request', Host: 'incoming.test', 'Keep-Alive': 'timeout=5' }
      const init = { method: 'PUT', body: 'of the request', headers }
      const incoming = new Request('http://incoming.test/', init)
      const { fetch } = session()
      const echo = await json(await fetch(`${servers.http}/echo?a=b`, incoming))
      equal([echo.method, echo.url, bodyText(echo)], ['PUT', '/echo?a=b', 'of the request'])
      equal([sent(echo, 'x-a'), sent(echo, 'keep-alive')], [['request'], []])
      equal(sent(echo, 'host'), [new URL(servers.http).host])
    },
  },
  {
    name: 'fetch: an aborted signal gives its reason, everything else a TypeError with a cause',
    needs: ['nativeResponse'],
    run: async ({ session, servers, requests }) => {
      const { fetch } = session({ raiseForStatus: true, retries: 0 })
      const reason = new Error('enough')
      const controller = new AbortController()
      const hanging = fetch(`${servers.http}/hang?tag=session-fetch`, {
        signal: controller.signal,
      })
      controller.abort(reason)
      equal(await hanging.catch((error: unknown) => error), reason)
      equal((await fetch(`${servers.http}/status/503`)).status, 503)
      const error = await rejects(fetch(`${servers.refused}/`), TypeError, {
        message: /^fetch failed$/,
      })
      ok(error.cause instanceof requests.errors.ConnectionError)
    },
  },
  {
    name: 'fetch: redirect is honoured',
    needs: ['nativeResponse', 'manualRedirect'],
    run: async ({ session, servers }) => {
      const { fetch } = session()
      const url = `${servers.http}/redirect/2`
      const followed = await fetch(url)
      equal([followed.redirected, followed.url], [true, `${servers.http}/echo`])
      const manual = await fetch(url, { redirect: 'manual' })
      equal([manual.status, manual.headers.get('location')], [302, '/redirect/1'])
      await manual.body?.cancel()
      await rejects(fetch(url, { redirect: 'error' }), TypeError)
    },
  },
  {
    name: 'fetch: integrity is checked by an engine, or refused',
    needs: ['nativeResponse'],
    run: async ({ session, servers }) => {
      const integrity = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
      const url = `${servers.http}/bytes/5`
      await rejects(session().fetch(url, { integrity }), TypeError)
      const request = requestWith(url, integrity)
      if (request === null) return
      await rejects(session().fetch(request), TypeError)
      equal((await session().fetch(request, { integrity: '' })).status, 200)
    },
  },
  {
    name: 'fetch: cookies and auth of the session go along, and credentials omit leaves them',
    needs: ['nativeResponse', 'cookies'],
    run: async ({ session, servers }) => {
      const own = session({ cookies: { a: '1' } })
      const sees = async (init?: RequestInit): Promise<string[]> =>
        sent(await json(await own.fetch(`${servers.http}/echo`, init)), 'cookie')
      equal(await sees(), ['a=1'])
      equal(await sees({ credentials: 'omit' }), [])
    },
  },
  {
    name: 'fetch: forwarding streams in both directions at once',
    needs: ['nativeResponse', 'streamUpload'],
    run: async ({ session, recorder, servers }) => {
      const { fetch } = session()
      const { playing, feed } = await conversation(recorder)
      const incoming = new Request(`${servers.http}/incoming`, {
        method: 'POST',
        body: feed.stream,
        headers: { 'X-From': 'client', 'Content-Type': 'x/stream' },
        // Demanded by Fetch for streams, unknown to the types of the DOM.
        duplex: 'half',
      } as RequestInit)
      const forwarded = new Request(playing.url, incoming)
      feed.push('first ')
      const response = await fetch(forwarded)
      const reader = response.body?.getReader()
      equal(decode((await reader?.read())?.value), 'hello')
      // The answer has begun while the request still goes on: neither was kept back.
      feed.push('second')
      feed.end()
      await playing.requests({ complete: 1 })
      await playing.release()
      equal(decode((await reader?.read())?.value), 'world')
      equal((await reader?.read())?.done, true)
      const [request] = await playing.requests({ complete: 1 })
      match(request?.head, /\r\nx-from: client/i)
      match(request?.head, /\r\ncontent-type: x\/stream/i)
      equal(request?.contentLength, 12)
    },
  },
]

/** Null where a Request takes none, as on workerd, or forgets it, as on Deno. */
function requestWith(url: string, integrity: string): Request | null {
  try {
    const request = new Request(url, { integrity })
    return request.integrity === integrity ? request : null
  } catch {
    // Refused by the engine itself.
    return null
  }
}

type Recorder = Parameters<Case['run']>[0]['recorder']

/** A server that answers when the first bytes are there, and ends when it is let go. */
async function conversation(recorder: Recorder): Promise<{
  playing: Awaited<ReturnType<Recorder['play']>>
  feed: Feed
}> {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'
  const playing = await recorder.play({
    answers: [{ after: 'bytes:1', send: [head, { gate: true }, 'world'] }],
  })
  return { playing, feed: openFeed() }
}

interface Feed {
  readonly stream: ReadableStream<Uint8Array>
  push(text: string): void
  end(): void
}

function openFeed(): Feed {
  const feed: { controller: ReadableStreamDefaultController<Uint8Array> | null } = {
    controller: null,
  }
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      feed.controller = controller
    },
  })
  return {
    stream,
    push: (text) => feed.controller?.enqueue(utf8(text)),
    end: () => feed.controller?.close(),
  }
}

function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}
