/** Credentials for a proxy: they reach the proxy, and nobody else. */
import type { AuthResponse } from '../../src/types.ts'
import { equal, notOk, ok, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { bodyText, readEcho, sent } from './echo.ts'

interface ProxyLog {
  readonly requests: readonly { readonly user: string | null; readonly method: string }[]
}

async function users({ control }: Context, target: string): Promise<(string | null)[]> {
  // What the control listener answers.
  const log = (await control(`/proxy?match=${encodeURIComponent(target)}`)) as ProxyLog
  return log.requests.map(({ user }) => user)
}

export const cases: readonly Case[] = [
  {
    name: 'proxy auth: ProxyAuth is for the proxy, through redirects to other origins too',
    needs: ['proxy', 'manualRedirect'],
    run: async (context) => {
      const { session, requests, servers } = context
      const own = session({ proxies: { http: servers.proxyAuth }, trustEnv: false })
      const tag = `proxy-auth-${String(Date.now())}`
      const auth = new requests.ProxyAuth('anna', 'secret')
      const to = encodeURIComponent(`${servers.other}/echo?${tag}`)
      const response = await own.get(`${servers.http}/redirect-to?url=${to}`, { auth })
      equal(response.status, 200)
      equal(sent(await readEcho(response), 'proxy-authorization'), [])
      const seen = await users(context, tag)
      ok(seen.includes('anna'), seen.join())
      equal((await own.get(`${servers.http}/echo`)).status, 407)
    },
  },
  {
    name: 'proxy auth: without a proxy nobody is told',
    needs: ['anyHeader'],
    run: async ({ requests, servers }) => {
      const echo = await readEcho(
        await requests.get(`${servers.http}/echo`, {
          auth: new requests.ProxyAuth('anna', 'secret'),
        }),
      )
      equal(sent(echo, 'proxy-authorization'), [])
    },
  },
  {
    name: 'proxy auth: a tunnel hides it from the server behind it',
    needs: ['proxy', 'customCA'],
    run: async (context) => {
      const { session, requests, servers } = context
      const own = session({ proxies: { https: servers.proxyAuth }, verify: servers.ca })
      const response = await own.get(`${servers.https}/echo`, {
        auth: new requests.ProxyAuth('berta', 'secret'),
      })
      equal(sent(await readEcho(response), 'proxy-authorization'), [])
      ok((await users(context, 'berta')).includes('berta'))
    },
  },
  {
    name: 'proxy auth: Digest opens tunnels, which are used again; no server sees it',
    needs: ['proxyChallenge', 'customCA'],
    run: async (context) => {
      const { session, requests, servers } = context
      const user = `carla-${String(Date.now())}`
      const own = session({
        ...{ proxies: { all: servers.proxyDigest }, verify: servers.ca },
        auth: new requests.DigestAuth(user, 'secret', { proxy: true }),
      })
      const connections = new Set<number>()
      for (let call = 0; call < 5; call++) {
        const echo = await readEcho(await own.post(`${servers.https}/echo`, { data: 'body' }))
        equal(sent(echo, 'proxy-authorization'), [])
        equal(bodyText(echo), 'body')
        connections.add(echo.connection)
      }
      equal(connections.size, 1, 'one tunnel for all')
      equal((await users(context, user)).length, 1, 'one answer opened it')
      // The count went on with each call, so the nonce is stale: another tunnel asks for another.
      equal((await own.get(`${servers.h2}/echo`)).status, 200)
      equal((await own.get(`${servers.http}/echo`)).status, 200)
    },
  },
  {
    name: 'proxy auth: a wrong password for Digest is a ProxyError, and asks twice at most',
    needs: ['proxyChallenge', 'customCA'],
    run: async (context) => {
      const { requests, servers } = context
      const user = `dora-${String(Date.now())}`
      const auth = new requests.DigestAuth(user, 'wrong', { proxy: true })
      const options = { proxies: { all: servers.proxyDigest }, verify: servers.ca, retries: 3 }
      const { ProxyError } = requests.errors
      const code = 'PROXY_AUTHENTICATION'
      await rejects(requests.get(servers.https, { ...options, auth }), ProxyError, { code })
      equal(await users(context, user), [user])
    },
  },
  {
    name: 'proxy auth: a proxy cannot ask for what belongs to the server',
    needs: ['proxyChallenge', 'customCA'],
    run: async (context) => {
      const { requests, servers } = context
      const options = { proxies: { all: servers.proxyDigest }, verify: servers.ca }
      const seen: number[] = []
      const auth = {
        async *flow(): AsyncGenerator<void, void, AuthResponse> {
          await Promise.resolve()
          const answer = yield
          seen.push(answer.status)
        },
      }
      const { ProxyError } = requests.errors
      const error = await rejects(requests.get(servers.https, { ...options, auth }), ProxyError)
      equal(seen, [])
      // What else should such an error have.
      const { answer } = error as { answer?: { status: number } }
      equal(answer?.status, 407, 'the answer of the proxy is told')
      notOk(JSON.stringify(error).includes('nonce'))
    },
  },
]
