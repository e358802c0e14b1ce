/** A worker whose session has its jar in a KV namespace, or in the storage of a Durable Object. */
import { openCookieJar, Session } from '../../../../adapters/workerd/index.ts'
import type { KeyValueStorage } from '../../../../adapters/workerd/cookie-storage.ts'

interface Env {
  readonly JARS: KeyValueStorage
  readonly VISITOR: {
    idFromName(name: string): unknown
    get(id: unknown): { fetch(request: Request): Promise<Response> }
  }
}
interface State {
  readonly storage: KeyValueStorage
}

/** `?in=kv|object&url=…`: calls the URL and tells its body. */
async function visit(storage: KeyValueStorage, request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const jar = await openCookieJar(storage, { key: 'jar' })
  // Never closed: what the call changed has to be saved when it ends.
  const session = new Session({ cookies: jar })
  const answer = await session.get(searchParams.get('url') ?? '')
  return new Response(await answer.text(), { headers: { 'X-Unsaved': String(jar.changed) } })
}

export class Visitor {
  readonly #storage: KeyValueStorage

  constructor(state: State) {
    this.#storage = state.storage
  }

  fetch(request: Request): Promise<Response> {
    return visit(this.#storage, request)
  }
}

// A worker is its default export; the runtime asks for it.
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const place = new URL(request.url).searchParams.get('in')
    if (place === 'kv') return await visit(env.JARS, request)
    if (place === 'text') return new Response(String(await env.JARS.get('jar')))
    return await env.VISITOR.get(env.VISITOR.idFromName('ann')).fetch(request)
  },
}
