/** Which of the addresses of a host a socket is told of. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guardedConnector, guardedLookup } from '../../../../adapters/undici/address-guard.ts'
import type { FoundAddress, UndiciHost } from '../../../../adapters/undici/shims.ts'
import type { AddressPolicy } from '../../../../src/ports.ts'

const FOUND: readonly FoundAddress[] = [
  { address: '10.0.0.1', family: 4 },
  { address: '::ffff:192.168.0.1', family: 6 },
  { address: 'fe80::1%eth0', family: 6 },
  { address: '1.1.1.1', family: 4 },
]

function hostThatFinds(found: readonly FoundAddress[] | Error): UndiciHost {
  return {
    runtime: 'node',
    tellsCertificateFaults: true,
    onRead: null,
    load: () => Promise.reject(new Error('not here')),
    readFile: () => Promise.reject(new Error('not here')),
    lookup: () => (found instanceof Error ? Promise.reject(found) : Promise.resolve(found)),
  }
}

function look(policy: AddressPolicy, all: boolean, found: typeof FOUND | Error = FOUND) {
  const lookup = guardedLookup(policy, hostThatFinds(found))
  return new Promise<unknown[]>((resolve) => {
    lookup('a.test', { all }, (...told) => {
      resolve(told)
    })
  })
}

test('only allowed addresses are handed on, one or all as asked', async () => {
  assert.deepEqual(await look('public', true), [null, [{ address: '1.1.1.1', family: 4 }]])
  assert.deepEqual(await look('public', false), [null, '1.1.1.1', 4])
  const asked: unknown[] = []
  const all = await look((...given) => asked.push(given) > 0, true)
  assert.deepEqual(all, [null, FOUND.filter(({ address }) => !address.includes('%'))])
  const texts = ['10.0.0.1', '192.168.0.1', '1.1.1.1']
  assert.deepEqual(
    asked,
    texts.map((text) => [text, 'a.test']),
  )
})

test('where none is allowed, where asking fails, and where DNS fails, there is an error', async () => {
  const [none] = await look(() => false, true)
  assert.equal(Reflect.get(none as object, 'code'), 'ADDRESS_REFUSED')
  const fault = new Error('no policy today')
  const [failed] = await look(() => {
    throw fault
  }, true)
  assert.equal(failed, fault)
  const [unknown] = await look('public', true, fault)
  assert.equal(unknown, fault)
  const [empty] = await look('public', false, [])
  assert.equal(Reflect.get(empty as object, 'code'), 'ADDRESS_REFUSED')
})

test('a host that is an address is asked about before anything is connected', async () => {
  let connected = 0
  const connect = guardedConnector((target, callback) => {
    connected += 1
    callback(new Error(target.hostname))
    return undefined
  }, 'public')
  const told = (hostname: string) =>
    new Promise<Error | null>((resolve) => {
      connect({ hostname, protocol: 'http:', port: '' }, resolve)
    })
  assert.equal(Reflect.get((await told('127.0.0.1')) ?? {}, 'code'), 'ADDRESS_REFUSED')
  assert.equal(Reflect.get((await told('::1')) ?? {}, 'code'), 'ADDRESS_REFUSED')
  assert.equal(connected, 0)
  assert.equal((await told('1.1.1.1'))?.message, '1.1.1.1')
  assert.equal((await told('a.test'))?.message, 'a.test')
})

test('what is not said at once, and not as true, lets nothing through', async () => {
  for (const answer of [Promise.resolve(true), 1, undefined]) {
    const [failed] = await look((() => answer) as unknown as AddressPolicy, true)
    assert.ok(failed instanceof TypeError)
    const connect = guardedConnector(
      () => assert.fail('a connection'),
      (() => answer) as unknown as AddressPolicy,
    )
    const error = await new Promise((resolve) => {
      connect({ hostname: '127.0.0.1', protocol: 'http:', port: '80' }, resolve)
    })
    assert.ok(error instanceof TypeError)
  }
})
