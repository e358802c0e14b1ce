/** Digest for a proxy: 407 is answered, the target is absolute, nonces belong to the proxy. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { DigestAuth } from '../../../src/auth/digest.ts'
import type { AuthRequest, AuthResponse } from '../../../src/types.ts'

const CHALLENGE = 'Digest realm="proxy", nonce="n1", qop="auth", algorithm=SHA-256'

function requestTo(
  url: string,
  proxy: string,
): AuthRequest & { readonly set: Map<string, string> } {
  const set = new Map<string, string>()
  return {
    ...{ method: 'GET', url: new URL(url), proxy: new URL(proxy), body: null, set },
    header: (name) => set.get(name) ?? null,
    setHeader: (name, value) => void set.set(name, value),
  }
}

function answer(status: number, fields: Record<string, string> = {}): AuthResponse {
  return {
    status,
    header: (name) => fields[name] ?? null,
    headerValues: (name) => (fields[name] === undefined ? [] : [fields[name]]),
  }
}

test('a 407 is answered in Proxy-Authorization, a 401 is not', async () => {
  const auth = new DigestAuth('user', 'pass', { proxy: true })
  assert.equal(auth.forProxy, true)
  const request = requestTo('http://h.test:8080/a?b=c', 'http://proxy.test:3128')
  const flow = auth.flow(request)
  await flow.next()
  assert.equal(request.set.size, 0)
  assert.equal((await flow.next(answer(407, { 'proxy-authenticate': CHALLENGE }))).done, false)
  const header = request.set.get('Proxy-Authorization') ?? ''
  assert.match(header, /uri="http:\/\/h\.test:8080\/a\?b=c"/)
  assert.equal(request.set.has('Authorization'), false)
  assert.equal((await flow.next(answer(401))).done, true)
})

test('what one proxy said is used for it alone, whichever server is behind it', async () => {
  const auth = new DigestAuth('user', 'pass', { proxy: true })
  const first = auth.flow(requestTo('http://a.test/', 'http://one.test'))
  await first.next()
  await first.next(answer(407, { 'proxy-authenticate': CHALLENGE }))
  await first.next(answer(200))
  const same = requestTo('http://b.test/', 'http://one.test')
  await auth.flow(same).next()
  assert.match(same.set.get('Proxy-Authorization') ?? '', /nc=00000002/)
  const other = requestTo('http://a.test/', 'http://two.test')
  await auth.flow(other).next()
  assert.equal(other.set.size, 0)
})

test('for https the request is the CONNECT that opens the tunnel', async () => {
  for (const [url, uri] of [
    ['https://h.test/a?b=c', 'h.test:443'],
    ['https://[::1]:8443/', '[::1]:8443'],
  ] as const) {
    const auth = new DigestAuth('user', 'pass', { proxy: true })
    const request = requestTo(url, 'http://proxy.test:3128')
    const flow = auth.flow(request)
    await flow.next()
    await flow.next(answer(407, { 'proxy-authenticate': CHALLENGE }))
    const header = request.set.get('Proxy-Authorization') ?? ''
    assert.equal(/uri="([^"]*)"/.exec(header)?.[1], uri)
    const [, cnonce = ''] = /cnonce="([^"]*)"/.exec(header) ?? []
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
    const secret = hash('user:proxy:pass')
    const expected = hash(`${secret}:n1:00000001:${cnonce}:auth:${hash(`CONNECT:${uri}`)}`)
    assert.match(header, new RegExp(`response="${expected}"`))
  }
})
