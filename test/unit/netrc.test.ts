/** The netrc format: whose password it is, and what is no entry. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findNetrc } from '../../src/netrc.ts'

const file = `
# machine commented.example login no password no
machine api.example login ann password s3cret
machine Second.EXAMPLE
  login bob
  account team
  password "with space \\" and \\\\"
machine hash.example login carl password #not-a-comment # a comment
macdef init
machine macro.example login no password no

machine odd.example login machine password login
machine api.example login later password later
`

test('the first entry of exactly that host counts', () => {
  assert.deepEqual(findNetrc(file, 'api.example'), { login: 'ann', password: 's3cret' })
  assert.deepEqual(findNetrc(file, 'second.example'), {
    login: 'bob',
    password: 'with space " and \\',
  })
  assert.deepEqual(findNetrc(file, 'hash.example'), { login: 'carl', password: '#not-a-comment' })
  assert.deepEqual(findNetrc(file, 'odd.example'), { login: 'machine', password: 'login' })
})

test('no other host gets it', () => {
  for (const host of [
    'example',
    'sub.api.example',
    'api.example.',
    'commented.example',
    'macro.example',
    '',
  ]) {
    assert.equal(findNetrc(file, host), null, host)
  }
})

test('the default entry is for the rest', () => {
  const text = `machine a login x password y\ndefault login anonymous password me@home`
  assert.deepEqual(findNetrc(text, 'b'), { login: 'anonymous', password: 'me@home' })
  assert.deepEqual(findNetrc(text, 'a'), { login: 'x', password: 'y' })
})

test('the default entry waits for the host, wherever it stands', () => {
  const text = `default login anonymous password me@home\nmachine a login x password y`
  assert.deepEqual(findNetrc(text, 'b'), { login: 'anonymous', password: 'me@home' })
  assert.deepEqual(findNetrc(text, 'a'), { login: 'x', password: 'y' })
})

test('malformed files give what they can, and never throw', () => {
  for (const text of [
    '',
    'machine',
    'machine a login',
    'login x password y',
    'machine a password "',
    '"',
  ]) {
    assert.doesNotThrow(() => findNetrc(text, 'a'))
  }
  assert.deepEqual(findNetrc('machine a login x', 'a'), { login: 'x', password: '' })
})
