/** Lists of header fields that calls share: nobody may add to them for the calls that follow. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { platform } from '../../adapters/node/platform.ts'
import { undiciCapabilities } from '../../adapters/undici/capabilities.ts'
import { mergeCallHeaders } from '../../src/merge-headers.ts'
import type { HeaderPairs, Transport } from '../../src/ports.ts'
import { Session } from '../../src/session.ts'

function recorder(seen: HeaderPairs[]): Transport {
  return {
    capabilities: undiciCapabilities,
    send(request) {
      seen.push(request.headers)
      return Promise.reject(new Error('That is all.'))
    },
    close: () => Promise.resolve(),
  }
}

test('calls that say the same share their list, and it cannot be changed', async () => {
  const seen: HeaderPairs[] = []
  const session = new Session(platform, { headers: { 'X-Mine': '1' } })
  session.mount('http://a.test/', recorder(seen))
  const twice = async (options: object): Promise<void> => {
    seen.length = 0
    for (const method of ['POST', 'POST']) {
      await assert.rejects(session.request(method, 'http://a.test/', options), /That is all/)
    }
    assert.equal(seen[0], seen[1])
    assert.ok(Object.isFrozen(seen[0]))
  }
  await twice({})
  await twice({ json: 1 })
  session.cookies.set('a', '1')
  await twice({})
  await twice({ json: 1 })
  session.headers.set('X-More', '2')
  await twice({ json: 1 })
  assert.deepEqual(
    seen[0]?.slice(-4).map(([name]) => name),
    ['X-Mine', 'X-More', 'Content-Type', 'Cookie'],
  )
  await session.close()
})

test('headers that calls say again are sent as one list, and what is said anew is not', () => {
  const defaults: HeaderPairs = Object.freeze([['Accept', '*/*']] as const)
  const merged = (given: object): HeaderPairs =>
    mergeCallHeaders(defaults, given as Readonly<Record<string, string>>)
  const first = merged({ 'X-A': '1', accept: 'text/plain' })
  const again = merged({ 'X-A': '1', accept: 'text/plain' })
  assert.deepEqual(again, first)
  assert.deepEqual(again, [
    ['X-A', '1'],
    ['accept', 'text/plain'],
  ])
  assert.equal(merged({ 'X-A': '1', accept: 'text/plain' }), again)
  assert.ok(Object.isFrozen(again))
  // The first one was given away before: whoever has it may have changed it.
  assert.notEqual(first, again)
  assert.deepEqual(merged({ 'X-A': '2', accept: 'text/plain' })[0], ['X-A', '2'])
  assert.deepEqual(merged({ 'X-A': '1' }), [
    ['Accept', '*/*'],
    ['X-A', '1'],
  ])
  assert.deepEqual(merged({ accept: 'text/plain', 'X-A': '1' })[0], ['accept', 'text/plain'])
  assert.deepEqual(merged(Object.create({ 'X-A': '1' }) as object), defaults)
  assert.deepEqual(merged({ 'X-A': '1', accept: null }), [['X-A', '1']])
  assert.deepEqual(merged(new Headers({ 'X-A': '1' }))[1], ['x-a', '1'])
  const other: HeaderPairs = Object.freeze([['Accept', 'a/b']] as const)
  assert.deepEqual(mergeCallHeaders(other, { 'X-A': '1' })[0], ['Accept', 'a/b'])
})
