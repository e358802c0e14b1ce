// The clients: each as its own documentation would use it for a session with a cookie. They are
// given `{base, cookie, login}` and answer with calls that resolve to the JSON of the answer.
import { rawClient } from './raw-socket.mjs'
import { DOCUMENT, FORM } from './scenarios.mjs'

/** Where the built package lies: another build can be measured against this one. */
const dist = process.env.UBIQUEST_DIST ?? new URL('../../dist', import.meta.url).pathname

/** What the package's `exports` name for the runtime. */
export function entryOf(runtime) {
  return `${dist}/${runtime}/index.js`
}

export const CLIENTS = {
  async ubiquest({ base, login, runtime }) {
    const { Session } = await import(entryOf(runtime))
    const session = new Session()
    await session.get(base + login)
    return {
      get: async (path) => (await session.get(base + path)).json(),
      post: async (path) => (await session.post(base + path, { json: DOCUMENT })).json(),
      form: async (path) => (await session.post(base + path, { files: FIELDS })).json(),
      close: () => session.close(),
    }
  },

  async fetch({ base, cookie }) {
    return fetchClient(globalThis.fetch, base, { headers: { cookie } })
  },

  /** A plain `fetch(url)`. */
  async 'fetch bare'({ base }) {
    return { get: async (path) => (await fetch(base + path)).json() }
  },

  /** Native fetch that is asked for what a session has: headers, manual redirects, two limits. */
  async 'fetch same'({ base, cookie }) {
    const headers = { ...USUAL, cookie }
    return {
      async get(path) {
        const controller = new AbortController()
        const fail = () => controller.abort(new Error('too slow'))
        let timer = setTimeout(fail, 70_000)
        const { signal } = controller
        const response = await fetch(base + path, { headers, redirect: 'manual', signal })
        clearTimeout(timer)
        timer = setTimeout(fail, 60_000)
        const json = await response.json()
        clearTimeout(timer)
        return json
      },
    }
  },

  async 'undici request'({ base, cookie }) {
    const { agent, request } = await undici()
    const headers = { ...USUAL, cookie }
    const call = async (path, options) =>
      (await request.call(agent, { origin: base, path, ...options })).body.json()
    return {
      get: (path) => call(path, { method: 'GET', headers }),
      post: (path) => call(path, { method: 'POST', ...jsonBody(headers) }),
      // No form: from 7.30 on it does not know that of the platform.
      ...NO_MORE,
    }
  },

  async 'undici dispatch'({ base, cookie }) {
    const { agent } = await undici()
    const call = (options) =>
      new Promise((resolve, reject) => agent.dispatch(options, new Collector(resolve, reject)))
    const headers = [...Object.entries(USUAL).flat(), 'cookie', cookie]
    const typed = [...headers, 'content-type', 'application/json']
    const post = { origin: base, method: 'POST', headers: typed }
    return {
      get: (path) => call({ origin: base, path, method: 'GET', headers }),
      post: (path) => call({ ...post, path, body: JSON.stringify(DOCUMENT) }),
      ...NO_MORE,
    }
  },

  async 'raw socket'({ base, cookie }) {
    const fields = Object.entries({ ...USUAL, cookie }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    const call = rawClient(base, fields.join(''))
    const body = JSON.stringify(DOCUMENT)
    const typed = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`
    return {
      get: (path) => call(path),
      post: (path) => call(path, 'POST', typed, body),
      ...NO_MORE,
    }
  },

  async axios({ base, cookie }) {
    const { default: axios } = await import('axios')
    const client = axios.create({ baseURL: base, headers: { cookie } })
    return {
      get: async (path) => (await client.get(path)).data,
      post: async (path) => (await client.post(path, DOCUMENT)).data,
      form: async (path) => (await client.post(path, formData())).data,
    }
  },

  async got({ base, cookie }) {
    const { default: got } = await import('got')
    const client = got.extend({ prefixUrl: base, headers: { cookie } })
    return {
      get: (path) => client.get(path.slice(1)).json(),
      post: (path) => client.post(path.slice(1), { json: DOCUMENT }).json(),
      form: (path) => client.post(path.slice(1), { body: formData() }).json(),
    }
  },

  async ky({ base, cookie }) {
    const { default: ky } = await import('ky')
    const client = ky.create({ prefixUrl: base, headers: { cookie } })
    return {
      get: (path) => client.get(path.slice(1)).json(),
      post: (path) => client.post(path.slice(1), { json: DOCUMENT }).json(),
      form: (path) => client.post(path.slice(1), { body: formData() }).json(),
    }
  },

  async ofetch({ base, cookie }) {
    const { ofetch } = await import('ofetch')
    const client = ofetch.create({ baseURL: base, headers: { cookie } })
    return {
      get: (path) => client(path),
      post: (path) => client(path, { method: 'POST', body: DOCUMENT }),
      form: (path) => client(path, { method: 'POST', body: formData() }),
    }
  },

  async wretch({ base, cookie }) {
    const { default: wretch } = await import('wretch')
    const client = wretch(base).headers({ cookie })
    return {
      get: (path) => client.url(path).get().json(),
      post: (path) => client.url(path).post(DOCUMENT).json(),
      form: (path) => client.url(path).body(formData()).post().json(),
    }
  },

  async superagent({ base, cookie }) {
    const { default: superagent } = await import('superagent')
    const client = superagent.agent().set('cookie', cookie)
    return {
      get: async (path) => (await client.get(base + path)).body,
      post: async (path) => (await client.post(base + path).send(DOCUMENT)).body,
      async form(path) {
        const request = client.post(base + path)
        for (const [name, value] of FORM) request.field(name, value)
        return (await request).body
      },
    }
  },

  async 'node-fetch'({ base, cookie }) {
    const { default: nodeFetch } = await import('node-fetch')
    const { Agent } = await import('node:http')
    // By itself it closes each connection on the Nodes it was written for.
    const agent = new Agent({ keepAlive: true })
    return fetchClient(nodeFetch, base, { headers: { cookie }, agent })
  },
}

/** They give what comes: redirects and content codings are for their callers. */
const NO_MORE = { lacks: ['redirects', 'gzip'] }

/** What all the others send by themselves. */
const USUAL = {
  'user-agent': 'ubiquest/0.1.0',
  accept: '*/*',
  'accept-encoding': 'gzip, deflate, br',
}

const FIELDS = FORM.map(([name, value]) => [name, [null, value]])

function fetchClient(fetch, base, options) {
  const { headers } = options
  return {
    get: async (path) => (await fetch(base + path, options)).json(),
    post: async (path) =>
      (await fetch(base + path, { ...options, method: 'POST', ...jsonBody(headers) })).json(),
    form: async (path) =>
      (await fetch(base + path, { ...options, method: 'POST', body: formData() })).json(),
  }
}

function jsonBody(headers) {
  const typed = { ...headers, 'content-type': 'application/json' }
  return { headers: typed, body: JSON.stringify(DOCUMENT) }
}

function formData() {
  const form = new FormData()
  for (const [name, value] of FORM) form.append(name, value)
  return form
}

/** By inner paths: the public entry would put the built-in fetch on this package's agent. */
async function undici() {
  const [{ default: Agent }, { default: request }] = await Promise.all([
    import('undici/lib/dispatcher/agent.js'),
    import('undici/lib/api/api-request.js'),
  ])
  return { agent: new Agent({ connections: 128 }), request }
}

class Collector {
  #chunks = []
  #resolve
  #reject
  constructor(resolve, reject) {
    this.#resolve = resolve
    this.#reject = reject
  }
  onRequestStart() {}
  onResponseStart() {}
  onResponseData(_, chunk) {
    this.#chunks.push(chunk)
  }
  onResponseEnd() {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks)
    this.#resolve(JSON.parse(bytes.toString()))
  }
  onResponseError(_, error) {
    this.#reject(error)
  }
}
