/** Digest authentication: against a server that checks every part of an answer (RFC 7616). */
import { equal, match, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import type { AuthRequest } from '../../src/types.ts'
import { utf8 } from './echo.ts'

interface Answer {
  readonly authenticated: boolean
  readonly nc: string | null
  readonly algorithm: string | null
  readonly body: string
}

export const cases: readonly Case[] = [
  {
    name: 'digest: every algorithm, with and without a quality of protection',
    run: async ({ requests, servers }) => {
      const auth = new requests.DigestAuth('mufasa', 'circle')
      for (const qop of ['auth', 'auth-int', 'none']) {
        for (const algorithm of ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256']) {
          // -sess is defined with a client nonce, which goes with a qop.
          if (qop === 'none' && algorithm.endsWith('-sess')) continue
          const url = `${servers.http}/digest-auth/${qop}/mufasa/circle/${algorithm}?a=b&c=%20`
          const response = await requests.post(url, { data: 'body', auth })
          equal(response.status, 200, `${qop} ${algorithm}: ${await response.text()}`)
          const { body, nc } = await response.json<Answer>()
          equal([body, nc], ['body', qop === 'none' ? null : '00000001'])
        }
      }
    },
  },
  {
    name: 'digest: a nonce is used again with a rising count, and a stale one replaced',
    run: async ({ session, requests, servers }) => {
      const own = session({ auth: new requests.DigestAuth('u', 'p') })
      const url = `${servers.http}/digest-auth/auth/u/p/SHA-256?uses=3`
      const counts: (string | null)[] = []
      for (let call = 0; call < 5; call++) {
        const response = await own.get(url)
        equal(response.status, 200)
        counts.push((await response.json<Answer>()).nc)
      }
      equal(counts, ['00000001', '00000002', '00000003', '00000001', '00000002'])
    },
  },
  {
    name: 'digest: userhash hides the name, which may be of any script',
    run: async ({ requests, servers }) => {
      const auth = new requests.DigestAuth('Jäsøn Doe', 'Secret, or not?')
      const name = encodeURIComponent('Jäsøn Doe')
      const password = encodeURIComponent('Secret, or not?')
      const url = `${servers.http}/digest-auth/auth/${name}/${password}/SHA-256?userhash=1`
      equal((await requests.get(url, { auth })).status, 200)
    },
  },
  {
    name: 'digest: a realm beyond ASCII is hashed and sent back octet by octet',
    needs: ['latin1Headers'],
    run: async ({ requests, servers }) => {
      for (const more of ['', '&userhash=1']) {
        const url = `${servers.http}/digest-auth/auth/u/p/MD5?realm=Ger%C3%A4t%20%E2%98%83${more}`
        const response = await requests.get(url, { auth: new requests.DigestAuth('u', 'p') })
        equal(response.status, 200, await response.text())
      }
    },
  },
  {
    name: 'digest: an empty query is part of the target, and of what is signed',
    run: async ({ requests, servers }) => {
      const auth = new requests.DigestAuth('u', 'p')
      const response = await requests.get(`${servers.http}/digest-auth/auth/u/p/MD5?`, { auth })
      equal(response.status, 200, await response.text())
    },
  },
  {
    name: 'digest: wrong credentials end in the 401, without a loop',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/digest-auth/auth/u/p/MD5`
      const response = await requests.get(url, { auth: new requests.DigestAuth('u', 'wrong') })
      equal(response.status, 401)
      match(await response.text(), /"problem":"response"/)
    },
  },
  {
    name: 'digest: a retry has a count of its own, and a flow of the caller what it sets again',
    needs: ['nativeResponse'],
    run: async ({ session, requests }) => {
      const counts: (string | undefined)[] = []
      const retries = new requests.Retry({ total: 2, statusForcelist: [503] })
      const own = session({ auth: new requests.DigestAuth('u', 'p'), retries })
      const challenge = { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' }
      const app = ({ headers }: Request): Response => {
        const line = headers.get('authorization')
        counts.push(/nc=(\d+)/.exec(line ?? '')?.[1] ?? line ?? undefined)
        if (line === null) return new Response(null, { status: 401, headers: challenge })
        return new Response(null, { status: counts.length === 2 ? 503 : 200 })
      }
      own.mount('http://api.test/', requests.handlerTransport(app))
      equal((await own.get('http://api.test/')).status, 200)
      equal((await own.get('http://api.test/')).status, 200)
      equal(counts.splice(0), [undefined, '00000001', '00000002', '00000003'])
      let sent = 1
      const auth = {
        async *flow(request: AuthRequest) {
          await Promise.resolve()
          request.setHeader('Authorization', 'first')
          yield
        },
        again: (request: AuthRequest): void => {
          request.setHeader('Authorization', `again ${String(sent++)}`)
        },
      }
      counts.push('before')
      equal((await own.get('http://api.test/', { auth })).status, 200)
      equal(counts, ['before', 'first', 'again 1'])
    },
  },
  {
    name: 'digest: a function gives its stream again after the challenge, a stream cannot',
    needs: ['streamUpload'],
    run: async ({ requests, servers }) => {
      const auth = new requests.DigestAuth('u', 'p')
      const once = (): AsyncGenerator<Uint8Array> =>
        (async function* () {
          yield await Promise.resolve(utf8('streamed'))
        })()
      for (const qop of ['auth', 'auth-int']) {
        const url = `${servers.http}/digest-auth/${qop}/u/p/SHA-256`
        const fresh = new requests.DigestAuth('u', 'p')
        const response = await requests.post(url, { data: once, auth: fresh })
        equal([response.status, (await response.json<Answer>()).body], [200, 'streamed'])
      }
      await rejects(
        requests.post(`${servers.http}/digest-auth/auth/u/p/MD5`, { data: once(), auth }),
        requests.errors.UnrewindableBodyError,
      )
    },
  },
  {
    name: 'digest: nothing is answered to another origin that a redirect leads to',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      const target = encodeURIComponent(`${servers.other}/digest-auth/auth/u/p/MD5`)
      const response = await requests.get(`${servers.http}/redirect-to?url=${target}`, {
        auth: new requests.DigestAuth('u', 'p'),
      })
      equal(response.status, 401)
      match(await response.text(), /no answer/)
    },
  },
  {
    name: 'digest: a flow of the caller may take several steps and read what it is told',
    run: async ({ requests, servers }) => {
      const seen: string[] = []
      const response = await requests.get(`${servers.http}/digest-auth/auth/u/p/MD5`, {
        auth: {
          async *flow(request) {
            for (let step = 1; step <= 3; step++) {
              request.setHeader('Authorization', `Step ${String(step)}`)
              const answer = yield
              seen.push(`${String(answer.status)} ${(await answer.text?.()) ?? ''}`)
            }
          },
        },
      })
      equal(response.status, 401)
      equal(seen.length, 3)
      ok(seen.every((text) => text.startsWith('401 {"authenticated":false')))
      equal((await response.json<Answer>()).authenticated, false)
    },
  },
]
