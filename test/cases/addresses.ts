/** Which addresses connections may lead to: a policy that is asked after DNS. */
import { equal, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'

export const cases: readonly Case[] = [
  {
    name: 'guarantee 15: allowAddress sees each address after DNS, on redirects too',
    needs: ['addressPolicy'],
    run: async ({ session, requests, servers }) => {
      const asked: (readonly string[])[] = []
      const transport = requests.transport({
        allowAddress: (address, hostname) => {
          asked.push([hostname, address])
          return hostname !== 'localhost'
        },
      })
      const own = session({ proxies: null, trustEnv: false })
      own.mount('http://', transport)
      const refused = { code: 'ADDRESS_REFUSED', message: /localhost.*allowAddress/ }
      const { ConnectionError, UnsupportedError } = requests.errors
      const named = servers.http.replace('127.0.0.1', 'localhost')
      await rejects(own.get(`${named}/echo`), ConnectionError, refused)
      ok(asked.some(([hostname, address]) => hostname === 'localhost' && address === '127.0.0.1'))
      const there = `${servers.http}/redirect-to?url=${encodeURIComponent(named)}`
      await rejects(own.get(there), ConnectionError, refused)
      equal(asked.filter(([hostname]) => hostname === '127.0.0.1').length, 1)
      // A connection that was allowed serves further calls.
      equal((await own.get(`${servers.http}/echo`)).status, 200)
      equal(asked.filter(([hostname]) => hostname === '127.0.0.1').length, 1)
      const proxied = own.get(servers.http, { proxies: { http: servers.refused } })
      await rejects(proxied, UnsupportedError, { message: /proxy.*allowAddress/i })
      await transport.close()
    },
  },
  {
    name: 'guarantee 15: of the public internet are neither this machine nor its network',
    needs: ['addressPolicy'],
    run: async ({ session, requests, servers }) => {
      const transport = requests.transport({ allowAddress: 'public' })
      const own = session({ proxies: null, trustEnv: false })
      own.mount('http://', transport)
      own.mount('https://', transport)
      const { port } = new URL(servers.http)
      const hosts = ['127.0.0.1', 'localhost', '[::1]', '2130706433', '[::ffff:127.0.0.1]', '0']
      for (const host of [...hosts, '169.254.169.254', '[64:ff9b::7f00:1]', '[fd00::1]']) {
        for (const scheme of ['http', 'https']) {
          const call = own.get(`${scheme}://${host}:${port}/echo`)
          await rejects(call, requests.errors.ConnectionError, { code: 'ADDRESS_REFUSED' })
        }
      }
      await transport.close()
    },
  },
]
