/** TLS beyond the certificates of servers: those of clients, versions, names, files, isolation. */
import type { Response } from '../../src/response.ts'
import { equal, match, ok, present, rejects } from '../harness/assert.ts'
import type { Case, Servers } from '../harness/case.ts'
import { readEcho } from './echo.ts'

interface Seen {
  readonly protocol: string | null
  readonly servername: string | null
  readonly client: string | null
}

async function readSeen(response: Response): Promise<Seen> {
  return response.json<Seen>()
}

export const cases: readonly Case[] = [
  {
    name: 'tls: a client certificate is shown, as text and from files',
    needs: ['clientCertificate', 'customCA'],
    run: async ({ requests, servers, temp }) => {
      const { ca: verify, clientCert, clientKey } = servers
      const both = `${clientCert}\n${clientKey}\n`
      const url = `${servers.mtls}/tls`
      const show = async (cert: string | readonly [string, string]): Promise<string | null> =>
        (await readSeen(await requests.get(url, { verify, cert }))).client
      equal(await show([clientCert, clientKey]), 'client')
      equal(await show(both), 'client')
      if (temp === null) return
      const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
      const cert = await temp.file('client.pem', bytes(clientCert))
      const key = await temp.file('client.key', bytes(clientKey))
      equal(await show([cert, key]), 'client')
      equal(await show(await temp.file('both.pem', bytes(both))), 'client')
    },
  },
  {
    name: 'tls: without a client certificate, who asks for one has no answer',
    needs: ['clientCertificate', 'customCA'],
    run: async ({ requests, servers }) => {
      await rejects(
        requests.get(`${servers.mtls}/tls`, { verify: servers.ca }),
        requests.errors.ConnectionError,
      )
    },
  },
  {
    name: 'tls: authorities come as text, bytes or file; a file is read again for new connections',
    needs: ['customCA'],
    run: async ({ session, requests, servers, temp }) => {
      const url = `${servers.https}/echo`
      const bytes = new TextEncoder().encode(servers.ca)
      equal((await requests.get(url, { verify: bytes })).status, 200)
      if (temp === null) return
      const { SSLError, RequestError } = requests.errors
      await rejects(requests.get(url, { verify: temp.path('none.pem') }), RequestError, {
        message: /none\.pem/,
      })
      const verify = await temp.file('ca.pem', new TextEncoder().encode('no certificate'))
      await rejects(requests.get(url, { verify }), RequestError)
      await temp.file('ca.pem', bytes)
      equal((await requests.get(url, { verify })).status, 200)
      const untrusting = session({ verify })
      await temp.file('ca.pem', new TextEncoder().encode(servers.clientCert))
      await rejects(untrusting.get(url), SSLError)
    },
  },
  {
    name: 'tls: a call without TLS reads no certificates',
    needs: ['customCA', 'paths'],
    run: async ({ requests, servers, temp }) => {
      present(temp)
      const verify = temp.path('missing.pem')
      equal((await requests.get(`${servers.http}/echo`, { verify, cert: verify })).status, 200)
      await rejects(requests.get(`${servers.https}/echo`, { verify }), requests.errors.RequestError)
    },
  },
  {
    name: 'tls: an own authority takes the place of all others',
    needs: ['customCA'],
    run: async ({ requests, servers }) => {
      await rejects(
        requests.get(`${servers.https}/echo`, { verify: servers.clientCert }),
        requests.errors.SSLError,
        { code: 'CERT_UNKNOWN_AUTHORITY' },
      )
    },
  },
  {
    name: 'tls: the least version that a transport accepts',
    needs: ['customCA'],
    run: async ({ session, requests, servers }) => {
      const strict = requests.transport({ tls: { minVersion: 'TLSv1.3', verify: servers.ca } })
      const own = session()
      own.mount('https://', strict)
      await rejects(own.get(`${servers.tls12}/tls`), requests.errors.SSLError, {
        code: 'TLS_FAILED',
      })
      const seen = await readSeen(await own.get(`${servers.https}/tls`))
      equal(seen.protocol ?? 'TLSv1.3', 'TLSv1.3')
      equal((await requests.get(`${servers.tls12}/echo`, { verify: servers.ca })).status, 200)
      await strict.close()
    },
  },
  {
    name: 'tls: the name of the server goes with the handshake, or another where that is asked',
    needs: ['customCA'],
    run: async ({ session, requests, servers }) => {
      const own = session({ verify: servers.ca })
      const named = await readSeen(await own.get(`${servers.https}/tls`))
      equal(named.servername, 'localhost')
      const { port } = new URL(servers.https)
      const url = `https://127.0.0.1:${port}/tls`
      for (const [serverName, fits] of [
        ['one.server.localhost', true],
        ['elsewhere.test', false],
      ] as const) {
        const other = requests.transport({ tls: { serverName } })
        own.mount('https://127.0.0.1', other)
        if (fits) equal((await readSeen(await own.get(url))).servername, serverName)
        else await rejects(own.get(url), requests.errors.SSLError, { code: 'CERT_WRONG_HOST' })
        await other.close()
      }
    },
  },
  {
    name: 'tls: a Host header changes neither the name that is asked for nor the one that is checked',
    needs: ['customCA', 'hostHeader'],
    run: async ({ requests, servers }) => {
      const headers = { Host: 'elsewhere.test' }
      const options = { verify: servers.ca, headers }
      const seen = await readSeen(await requests.get(`${servers.https}/tls`, options))
      equal(seen.servername, 'localhost')
      await rejects(requests.get(`${servers.wrongHost}/tls`, options), requests.errors.SSLError, {
        code: 'CERT_WRONG_HOST',
      })
    },
  },
  {
    name: 'tls: a connection made without verification is never lent to a call with it',
    needs: ['customCA', 'tlsVerifyOff'],
    run: async ({ session, requests, servers }) => {
      const own = session()
      const url = `${servers.https}/echo`
      const unverified = await readEcho(await own.get(url, { verify: false }))
      await rejects(own.get(url), requests.errors.SSLError)
      const verified = await readEcho(await own.get(url, { verify: servers.ca }))
      ok(unverified.connection !== verified.connection, 'another connection')
      await rejects(own.get(url), requests.errors.SSLError)
    },
  },
  {
    name: 'tls: a connection made with a client certificate is never lent to a call without',
    needs: ['customCA', 'clientCertificate'],
    run: async ({ session, requests, servers }) => {
      const own = session({ verify: servers.ca })
      const url = `${servers.mtls}/tls`
      const cert = [servers.clientCert, servers.clientKey] as const
      equal((await own.get(url, { cert })).status, 200)
      await rejects(own.get(url), requests.errors.ConnectionError)
    },
  },
  {
    name: 'tls: what the runtime cannot do is an UnsupportedError, never a silent change',
    run: async ({ requests, servers, capabilities }) => {
      const url = `${servers.http}/echo`
      const wishes = [
        ['tlsVerifyOff', { verify: false }],
        ['customCA', { verify: servers.ca }],
        ['clientCertificate', { cert: pair(servers) }],
      ] as const
      for (const [capability, options] of wishes) {
        if (capabilities[capability]) continue
        const error = await rejects(requests.get(url, options), requests.errors.UnsupportedError)
        match(error.message, /verify|cert/)
        present(error.code)
      }
    },
  },
]

function pair({ clientCert, clientKey }: Servers): readonly [string, string] {
  return [clientCert, clientKey]
}
