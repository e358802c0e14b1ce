/** Credentials in one header, the input they come from, and that nothing shows them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { BasicAuth } from '../../../src/auth/basic.ts'
import { BearerAuth } from '../../../src/auth/bearer.ts'
import { authFrom, isFlow } from '../../../src/auth/from-input.ts'
import { ProxyAuth } from '../../../src/auth/proxy.ts'
import type { AuthInput, StaticAuth } from '../../../src/types.ts'

function headersOf(auth: StaticAuth): Record<string, string> {
  const headers: Record<string, string> = {}
  void auth.apply({
    method: 'GET',
    url: new URL('http://localhost/'),
    body: null,
    header: (name) => headers[name] ?? null,
    setHeader: (name, value) => {
      headers[name] = value
    },
  })
  return headers
}

test('Basic has the vectors of RFC 7617', () => {
  const aladdin = headersOf(new BasicAuth('Aladdin', 'open sesame'))
  assert.deepEqual(aladdin, { Authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' })
  assert.deepEqual(headersOf(new BasicAuth('test', '123£')), {
    Authorization: 'Basic dGVzdDoxMjPCow==',
  })
  assert.deepEqual(headersOf(new BasicAuth('', ':')), { Authorization: 'Basic Ojo=' })
})

test('Basic refuses what would be read differently', () => {
  assert.throws(() => new BasicAuth('a:b', 'c'), TypeError)
  assert.throws(() => new BasicAuth('a', 'b\r\nX: y'), TypeError)
  assert.throws(() => new BasicAuth('a\0', ''), TypeError)
  assert.throws(() => new BasicAuth('a', undefined as unknown as string), TypeError)
})

test('Bearer takes tokens and refuses what is none', () => {
  assert.deepEqual(headersOf(new BearerAuth('mF_9.B5f-4.1JqM')), {
    Authorization: 'Bearer mF_9.B5f-4.1JqM',
  })
  assert.deepEqual(headersOf(new BearerAuth('1|abc=')), { Authorization: 'Bearer 1|abc=' })
  for (const bad of ['', 'a b', 'a\n', 'a,b', '"a"', 'ä', 'Bearer x']) {
    assert.throws(() => new BearerAuth(bad), TypeError, bad)
  }
})

test('Proxy credentials go into their own header, at sending time', () => {
  const auth = new ProxyAuth('Aladdin', 'open sesame')
  assert.deepEqual(headersOf(auth), { 'Proxy-Authorization': 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' })
  assert.ok(!('immediate' in auth))
})

test('secrets are in no message, no inspection and no JSON', () => {
  const secret = 'hunter2'
  const coded = Buffer.from(`u:${secret}`).toString('base64')
  const all = [new BasicAuth('u', secret), new ProxyAuth('u', secret), new BearerAuth(secret)]
  for (const auth of all) {
    const shown =
      inspect(auth, { showHidden: true, depth: 9 }) + JSON.stringify(auth) + String(auth)
    assert.ok(!shown.includes(secret) && !shown.includes(coded))
  }
  for (const make of [() => new BasicAuth(`${secret}:`, ''), () => new BearerAuth(`${secret} `)]) {
    assert.throws(make, (error: Error) => !error.message.includes(secret))
  }
})

test('a pair is Basic; functions, static auth and flows are taken as they are', () => {
  const apply = () => undefined
  const flow = { flow: () => (async function* () {})() }
  assert.ok(authFrom(['a', 'b']) instanceof BasicAuth)
  assert.equal(authFrom(apply), apply)
  assert.equal(authFrom(flow), flow)
  assert.equal(authFrom(null), null)
  assert.equal(authFrom(undefined), null)
  assert.ok(isFlow(flow))
  assert.ok(!isFlow(new BasicAuth('a', 'b')))
  assert.ok(!isFlow(apply))
})

test('anything else is a mistake of the caller, named without its content', () => {
  for (const bad of ['user:hunter2', 1, {}, ['hunter2'], ['a', 'b', 'c']]) {
    assert.throws(
      () => authFrom(bad as unknown as AuthInput),
      (error) => error instanceof TypeError && !error.message.includes('hunter2'),
    )
  }
})
