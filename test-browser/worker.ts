/**
 * A service worker as an application has one: a session, whose cookies are those of a CookieStore,
 * and requests from its fetch handler. `test/cases/cookies-worker.ts` asks for the paths.
 */
import * as requests from 'ubiquest'

/** The types are those of a page. */
interface FetchEvent extends Event {
  readonly request: globalThis.Request
  respondWith(answer: Promise<globalThis.Response>): void
}

const session = new requests.Session({ credentials: 'include' })

addEventListener('fetch', (event) => {
  // An event of this name is one, in a service worker.
  const { request } = event as FetchEvent
  const { pathname, searchParams } = new URL(request.url)
  const answer = ROUTES[pathname.replace('/worker/', '')]
  if (answer !== undefined) (event as FetchEvent).respondWith(answer(searchParams).catch(told))
})

type Answer = (query: URLSearchParams) => Promise<globalThis.Response>

const ROUTES: Readonly<Record<string, Answer>> = {
  frame: () => {
    const headers = { 'Content-Type': 'text/html' }
    return Promise.resolve(new Response('<!doctype html><title>frame</title>', { headers }))
  },
  cookies: () => shown(null),
  account: async (query) => await shown(await session.get(`${server(query)}/account`)),
  login: async (query) => {
    const data = { user: 'ann', password: 'secret' }
    return await shown(await session.post(`${server(query)}/login`, { data }))
  },
  // What is written just before a request goes along with it.
  set: async (query) => {
    session.cookies.set('theme', query.get('theme') ?? '', { sameSite: 'lax' })
    return await shown(await session.get(`${server(query)}/account`))
  },
  delete: async (query) => {
    session.cookies.delete('theme')
    return await shown(await session.get(`${server(query)}/account`))
  },
  elsewhere: () => {
    session.cookies.set('theme', 'x', { domain: 'other.example' })
    return shown(null)
  },
  logout: async (query) => await shown(await session.post(`${server(query)}/logout`)),
  forward: async (query) => {
    const response = await session.get(`${server(query)}/bytes/1000000`, { stream: true })
    return response.toResponse()
  },
}

/** What the server has said, what saving says, and the cookies that script may see now. */
async function shown(response: requests.Response | null): Promise<globalThis.Response> {
  const { runtime } = requests
  const account = response === null ? null : await response.json()
  const saved = await session.cookies.save?.().then(
    () => 'saved',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  )
  await session.cookies.reload?.()
  return Response.json({ runtime, account, saved, cookies: session.cookies.toObject() })
}

function told(error: unknown): globalThis.Response {
  return Response.json({ error: String(error) }, { status: 500 })
}

function server(query: URLSearchParams): string {
  return query.get('server') ?? ''
}
