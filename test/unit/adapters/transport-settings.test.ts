/** What a transport was made with: checked, and laid under each request. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkTransportSettings,
  withTransportSettings,
} from '../../../adapters/transport-settings.ts'
import { fetchCapabilities } from '../../../adapters/fetch/capabilities.ts'
import { undiciCapabilities } from '../../../adapters/undici/capabilities.ts'
import { UnsupportedError } from '../../../src/errors.ts'
import type { TransportSettings } from '../../../src/ports.ts'
import { wireRequest } from './undici/servers.ts'

function check(settings: unknown): ReturnType<typeof checkTransportSettings> {
  // The point is what a caller without types may pass.
  return checkTransportSettings(settings as TransportSettings, undiciCapabilities, 'node')
}

test('what is misspelt is a TypeError, since a limit would silently be none', () => {
  for (const value of [NaN, -1, 2 ** 31, '5', null]) {
    assert.throws(() => check({ pool: { maxConnections: value } }), TypeError)
  }
  check({ pool: { maxConnections: 1, maxIdle: 0, idleTimeout: 0 } })
  for (const allowAddress of ['private', true, [], {}]) {
    assert.throws(() => check({ allowAddress }), /allowAddress must be 'public' or a function/)
  }
  assert.throws(() => check({ allowAddress: 'public', socketPath: '/run/x' }), TypeError)
  for (const tls of [{ minVersion: 'TLSv1.1' }, { verify: false }, { verify: 1 }]) {
    assert.throws(() => check({ tls }), TypeError)
  }
})

test('what the transport cannot do is an UnsupportedError', () => {
  const all = [
    { socketPath: '/x' },
    { tls: { minVersion: 'TLSv1.3' } },
    { allowAddress: 'public' },
  ] as const
  for (const settings of all) {
    assert.throws(
      () => checkTransportSettings(settings, fetchCapabilities, 'fetch'),
      UnsupportedError,
    )
  }
})

test('a call that says nothing takes the settings of its transport, one that does keeps its own', () => {
  const settings = check({ tls: { verify: 'ca', cert: 'own' } })
  const silent = wireRequest('https://a.test')
  assert.deepEqual(
    { ...withTransportSettings(silent, settings).tls },
    { verify: 'ca', cert: 'own' },
  )
  const tls = { verify: false, cert: 'other' } as const
  const saying = wireRequest('https://a.test', { tls })
  assert.deepEqual({ ...withTransportSettings(saying, settings).tls }, tls)
})

test('a proxy looks up addresses out of sight: what is to be asked of each cannot be asked', () => {
  const proxy = { url: new URL('http://p.test'), username: '', password: '' }
  const request = wireRequest('http://a.test', { proxy })
  const settings = check({ allowAddress: 'public' })
  assert.throws(() => withTransportSettings(request, settings), UnsupportedError)
})

test('a unix socket has no proxy before it', () => {
  const proxy = { url: new URL('http://p.test'), username: '', password: '' }
  const request = wireRequest('http://a.test', { proxy })
  const sent = withTransportSettings(request, check({ socketPath: '/run/x' }))
  assert.deepEqual([sent.proxy, sent.socketPath], [null, '/run/x'])
})
