/** Challenges of one or many fields, well-formed and not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChallenges, parseParameters } from '../../../src/auth/challenge.ts'

const plain = (...values: string[]) =>
  JSON.parse(JSON.stringify(parseChallenges(values))) as unknown

test('several challenges in one field, and in several', () => {
  const basic = { scheme: 'basic', parameters: { realm: 'a, b="c"' } }
  const digest = {
    scheme: 'digest',
    parameters: { realm: 'x', nonce: 'n==', qop: 'auth,auth-int', stale: 'true' },
  }
  const negotiate = { scheme: 'negotiate', parameters: {} }
  const texts = [
    'Basic realm="a, b=\\"c\\""',
    'DIGEST Realm = "x" , nonce="n==",qop="auth,auth-int", stale=true, realm="second"',
    'Negotiate oYH1MIHyoAMKAQGh/+==',
  ]
  assert.deepEqual(plain(...texts), [basic, digest, negotiate])
  assert.deepEqual(plain(texts.join(', ')), [basic, digest, negotiate])
  assert.deepEqual(plain([...texts].reverse().join(',')), [negotiate, digest, basic])
})

test('schemes without parameters, and values without quotes', () => {
  assert.deepEqual(plain('Negotiate, NTLM'), [
    { scheme: 'negotiate', parameters: {} },
    { scheme: 'ntlm', parameters: {} },
  ])
  assert.deepEqual(plain('Digest realm=abc, nonce=d/e='), [
    { scheme: 'digest', parameters: { realm: 'abc', nonce: 'd/e=' } },
  ])
})

test('what is malformed never throws and touches no prototype', () => {
  for (const text of [
    '',
    ',',
    '=',
    '"',
    'Digest realm="',
    'Digest realm="\\',
    'a=b',
    'Digest ===,,"',
  ]) {
    assert.doesNotThrow(() => parseChallenges([text]))
  }
  const [challenge] = parseChallenges(['Digest __proto__=x, constructor=y'])
  assert.deepEqual(Object.keys(challenge?.parameters ?? {}), ['__proto__', 'constructor'])
})

test('a long field takes linear time', () => {
  for (const part of ['a', 'a ', 'a=', 'a="', ' ', '=', ',', 'a/', '"']) {
    const started = performance.now()
    parseChallenges([part.repeat(30_000)])
    assert.ok(performance.now() - started < 1000, part)
  }
})

test('parameters without a scheme', () => {
  assert.equal(parseParameters('nextnonce="a,b", qop=auth, nc=00000001')['nextnonce'], 'a,b')
  assert.deepEqual(parseParameters(''), {})
})
