/** Explicit proxies and those of the environment: which of them a call goes through. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProxiesInput } from '../../src/types.ts'
import { proxyRules } from '../../src/proxies.ts'
import { mergeSettings } from '../../src/settings.ts'

interface Layers {
  readonly call?: ProxiesInput | null
  readonly session?: ProxiesInput | null
  readonly environment?: ProxiesInput
}

function proxyOf(url: string, { call, session, environment = {} }: Layers): string | null {
  const settings = mergeSettings({ proxies: call }, { proxies: session }, { proxies: environment })
  const { proxies, environmentProxies } = settings
  return proxyRules.resolve(new URL(url), proxies, environmentProxies)?.url.hostname ?? null
}

const environment = { http: 'http://env:1', https: 'http://env:1', no_proxy: 'home.test' }

describe('explicit proxies against the environment', () => {
  it('takes the environment where nothing was said', () => {
    assert.equal(proxyOf('http://a.test', { environment }), 'env')
    assert.equal(proxyOf('http://home.test', { environment }), null)
  })

  it('does not let NO_PROXY of the environment undo an explicit proxy', () => {
    const session = { http: 'http://own:1' }
    assert.equal(proxyOf('http://home.test', { session, environment }), 'own')
    assert.equal(proxyOf('https://home.test', { session, environment }), null)
  })

  it('does not let a more exact entry of the environment win', () => {
    assert.equal(proxyOf('http://a.test', { call: { all: 'http://own:1' }, environment }), 'own')
  })

  it('goes direct for an explicit null, per scheme, per host or altogether', () => {
    assert.equal(proxyOf('http://a.test', { call: { http: null }, environment }), null)
    assert.equal(proxyOf('https://a.test', { call: { http: null }, environment }), 'env')
    assert.equal(proxyOf('http://a.test', { call: { 'http://a.test': null }, environment }), null)
    assert.equal(proxyOf('http://a.test', { call: null, environment }), null)
    assert.equal(proxyOf('http://a.test', { session: null, environment }), null)
    const session = { http: 'http://own:1' }
    assert.equal(proxyOf('http://a.test', { call: null, session, environment }), null)
    assert.equal(proxyOf('http://a.test', { call: session, session: null, environment }), 'own')
  })

  it('takes an explicit no_proxy for all proxies, instead of that of the environment', () => {
    const call = { no_proxy: 'a.test' }
    assert.equal(proxyOf('http://a.test', { call, environment }), null)
    assert.equal(proxyOf('http://home.test', { call, environment }), 'env')
    assert.equal(proxyOf('http://home.test', { call: { no_proxy: null }, environment }), 'env')
    const own = { http: 'http://own:1', no_proxy: 'a.test' }
    assert.equal(proxyOf('http://a.test', { call: own }), null)
  })
})
