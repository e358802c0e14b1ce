/** Credentials for a proxy: they reach the proxy, and nobody else. */
import { equal, ok } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { readEcho, sent } from './echo.ts'

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
]
