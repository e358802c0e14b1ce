/** A Worker as users write one: it forwards what comes in, and answers a few things by itself. */
import * as requests from '../../adapters/workerd/index.ts'

interface Environment {
  readonly BACKEND: string
  readonly APP: { fetch(request: Request): Promise<Response> }
}

// A worker is its default export; the runtime asks for it.
export default {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    const session = new requests.Session({ headers: { 'X-Worker': 'yes' } })
    if (pathname === '/page') {
      const response = await session.get(`${environment.BACKEND}/page`, { stream: true })
      return response.toResponse()
    }
    if (pathname === '/binding') {
      session.mount('http://app.test/', requests.handlerTransport(environment.APP))
      return (await session.post('http://app.test/x', { data: 'to the binding' })).toResponse()
    }
    return session.fetch(new Request(`${environment.BACKEND}${pathname}${search}`, request))
  },
}
