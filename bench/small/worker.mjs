// The worker: makes as many calls as it is told to, within one invocation.
import ky from 'ky'
import { ofetch } from 'ofetch'
import { Session } from 'ubiquest/workerd/index.js'
import wretch from 'wretch'
import { cookieHeader, DOCUMENT, FORM, SCENARIOS } from './scenarios.mjs'

const CLIENTS = {
  async ubiquest(base, login) {
    const session = new Session()
    await session.get(base + login)
    const fields = FORM.map(([name, value]) => [name, [null, value]])
    return {
      get: async (path) => (await session.get(base + path)).json(),
      post: async (path) => (await session.post(base + path, { json: DOCUMENT })).json(),
      form: async (path) => (await session.post(base + path, { files: fields })).json(),
    }
  },
  async fetch(base, login) {
    const headers = { cookie: cookieHeader(login) }
    const typed = { ...headers, 'content-type': 'application/json' }
    const post = { method: 'POST', headers }
    return {
      get: async (path) => (await fetch(base + path, { headers })).json(),
      post: async (path) => (await fetch(base + path, { ...post, ...body(typed) })).json(),
      form: async (path) => (await fetch(base + path, { ...post, body: formData() })).json(),
    }
  },
  async 'fetch bare'(base) {
    return { get: async (path) => (await fetch(base + path)).json() }
  },
  async ky(base, login) {
    const client = ky.create({ prefixUrl: base, headers: { cookie: cookieHeader(login) } })
    return {
      get: (path) => client.get(path.slice(1)).json(),
      post: (path) => client.post(path.slice(1), { json: DOCUMENT }).json(),
      form: (path) => client.post(path.slice(1), { body: formData() }).json(),
    }
  },
  async ofetch(base, login) {
    const client = ofetch.create({ baseURL: base, headers: { cookie: cookieHeader(login) } })
    return {
      get: (path) => client(path),
      post: (path) => client(path, { method: 'POST', body: DOCUMENT }),
      form: (path) => client(path, { method: 'POST', body: formData() }),
    }
  },
  async wretch(base, login) {
    const client = wretch(base).headers({ cookie: cookieHeader(login) })
    return {
      get: (path) => client.url(path).get().json(),
      post: (path) => client.url(path).post(DOCUMENT).json(),
      form: (path) => client.url(path).body(formData()).post().json(),
    }
  },
}

function body(headers) {
  return { headers, body: JSON.stringify(DOCUMENT) }
}

function formData() {
  const form = new FormData()
  for (const [name, value] of FORM) form.append(name, value)
  return form
}

async function run({ name, base, scenario, inFlight, requests }) {
  const { call, path, login } = SCENARIOS.find((each) => each.name === scenario)
  const client = await CLIENTS[name](base, login)
  if (client[call] === undefined) return 'none'
  let left = requests
  const loop = async () => {
    while (left-- > 0) {
      const { id } = await client[call](path)
      if (id !== 42) throw new Error('That is not the answer.')
    }
  }
  await Promise.all(Array.from({ length: inFlight }, loop))
  return 'done'
}

export default {
  async fetch(request) {
    try {
      return new Response(await run(await request.json()))
    } catch (error) {
      return new Response(String(error?.stack ?? error))
    }
  },
}
