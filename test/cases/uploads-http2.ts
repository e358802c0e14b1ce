/** Streams over TLS to a server of HTTP/2, the one place where a browser can send them. */
import { equal, ok, rejects } from '../harness/assert.ts'
import type { Case, Context, Session } from '../harness/case.ts'
import { newTag } from '../harness/recorder.ts'
import { bodyText, readEcho } from './echo.ts'
import { endless, IN_FLIGHT, MIB, stall } from './endless.ts'

export const cases: readonly Case[] = [
  {
    name: 'uploads: a stream goes over HTTP/2, or is an UnsupportedError that says what to do',
    run: async (context) => {
      const { requests, servers, hash, target, capabilities } = context
      const bytes = new Uint8Array(3 * MIB).map((_, at) => at % 251)
      const data = async function* (): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += 100_000) {
          yield await Promise.resolve(bytes.slice(at, at + 100_000))
        }
      }
      const sending = connect(context).post(`${servers.h2}/echo`, { data: data() })
      if (!sendsStreams(context)) {
        const message = /stream.*bufferUpload/
        await rejects(sending, requests.errors.UnsupportedError, { message })
        return
      }
      const echo = await readEcho(await sending)
      equal([echo.bodyLength, echo.bodySha256], [bytes.length, await hash(bytes)])
      equal(echo.framing.contentLength, null)
      if (target === 'chromium' || capabilities.connectTimeout) equal(echo.httpVersion, '2.0')
    },
  },
  {
    name: 'uploads: over HTTP/2, a DELETE may have a body',
    needs: ['customCA'],
    run: async (context) => {
      const url = `${context.servers.h2}/echo`
      const echo = await readEcho(await connect(context).delete(url, { data: 'all of it' }))
      equal([echo.method, bodyText(echo), echo.framing.contentLength], ['DELETE', 'all of it', '9'])
    },
  },
  {
    name: 'uploads: over HTTP/2, a source that throws rejects with that error and ends no request',
    run: async (context) => {
      const { requests, servers, control } = context
      const tag = newTag()
      const problem = new Error('the disk is on fire')
      const failing = async function* (): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(100_000)
        // The request is on its way.
        await control(`/wait?tag=${tag}&event=request`)
        throw problem
      }
      const own = connect(context)
      const sending = own.post(`${servers.h2}/echo?tag=${tag}`, { data: failing() })
      if (!sendsStreams(context)) {
        await rejects(sending, requests.errors.UnsupportedError)
        return
      }
      const sibling = own.get(`${servers.h2}/delay/500`)
      ok((await rejects(sending, Error)) === problem, 'the very error')
      ok(await isCut(context, tag), 'no body has come to its end')
      equal((await sibling).status, 200, 'what goes over the same connection')
      if (context.capabilities.connectTimeout) equal(own.stats()?.created, 1, 'connections')
    },
  },
  {
    name: 'uploads: over HTTP/2, an abort ends no request, and the source is given up',
    run: async (context) => {
      const { requests, servers, control } = context
      const [tag, controller] = [newTag(), new AbortController()]
      const reason = new TypeError('enough')
      let closed = false
      const data = async function* (): AsyncGenerator<Uint8Array> {
        try {
          yield new Uint8Array(100_000)
          await control(`/wait?tag=${tag}&event=request`)
          controller.abort(reason)
          yield new Uint8Array(100_000)
        } finally {
          closed = true
        }
      }
      const { signal } = controller
      const url = `${servers.h2}/echo?tag=${tag}`
      const sending = connect(context).post(url, { data: data(), signal })
      if (!sendsStreams(context)) {
        await rejects(sending, requests.errors.UnsupportedError)
        return
      }
      ok((await rejects(sending, TypeError)) === reason, 'the very reason')
      ok(await isCut(context, tag), 'no body has come to its end')
      ok(closed, 'the finally of the generator has run')
    },
  },
  {
    name: 'uploads: over HTTP/2, a source is not pulled while the server does not read',
    run: async (context) => {
      if (!sendsStreams(context)) {
        const { requests, servers } = context
        const sending = connect(context).post(`${servers.h2}/echo`, { data: endless().data() })
        await rejects(sending, requests.errors.UnsupportedError)
        return
      }
      const { pulled, arrived } = await stall(context, context.servers.h2, {})
      ok(arrived > 0, 'something has been sent')
      ok(
        pulled - arrived <= IN_FLIGHT,
        `${String(pulled)} bytes pulled, ${String(arrived)} arrived`,
      )
    },
  },
]

/** The capability speaks of every server and every browser; Chromium alone can over HTTP/2. */
function sendsStreams({ capabilities, target }: Context): boolean {
  return capabilities.streamUpload || target === 'chromium'
}

function connect({ session, servers, capabilities }: Context): Session {
  return session({ http2: true, ...(capabilities.customCA ? { verify: servers.ca } : {}) })
}

/** To the server, the body of the request broke off. */
async function isCut({ control }: Context, tag: string): Promise<boolean> {
  // The journal's own events, whose shape the server's tests hold.
  const { events } = (await control(`/wait?tag=${tag}&event=cut`)) as { events: unknown[] }
  return events.length === 1
}
