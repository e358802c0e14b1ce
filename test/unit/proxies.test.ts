/** Which proxy a URL goes through. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidProxyURLError } from '../../src/errors.ts'
import { proxyRules } from '../../src/proxies.ts'

function hostFor(url: string, proxies: Record<string, string | null>): string | null {
  return proxyRules.resolve(new URL(url), proxies)?.url.host ?? null
}

describe('the choice of a proxy', () => {
  it('prefers scheme and host over scheme over all', () => {
    const proxies = {
      'https://a.test': 'http://one:1',
      https: 'http://two:2',
      'all://b.test': 'http://three:3',
      all: 'http://four:4',
    }
    assert.equal(hostFor('https://a.test/', proxies), 'one:1')
    assert.equal(hostFor('https://b.test/', proxies), 'two:2')
    assert.equal(hostFor('http://b.test/', proxies), 'three:3')
    assert.equal(hostFor('http://c.test/', proxies), 'four:4')
  })

  it('goes direct for null, an empty text and no entry', () => {
    assert.equal(hostFor('https://a.test/', { https: null, all: 'http://p:1' }), null)
    assert.equal(hostFor('https://a.test/', { https: '' }), null)
    assert.equal(hostFor('https://a.test/', { http: 'http://p:1' }), null)
  })

  it('takes user name and password out of the URL, decoded', () => {
    const target = proxyRules.resolve(new URL('http://a.test'), {
      http: 'http://u%40x:p%3A@p:8080',
    })
    assert.equal(target?.username, 'u@x')
    assert.equal(target?.password, 'p:')
    assert.equal(target?.url.href, 'http://p:8080/')
  })

  it('reads a proxy without a scheme as http', () => {
    assert.equal(hostFor('http://a.test', { http: 'localhost:3128' }), 'localhost:3128')
  })

  it('refuses unknown schemes and nonsense without showing the password', () => {
    for (const proxy of ['ftp://u:geheim@p:1', 'http://u:geheim@:1', 'socks4://u:geheim@p']) {
      assert.throws(
        () => proxyRules.resolve(new URL('http://a.test'), { http: proxy }),
        (error: unknown) =>
          error instanceof InvalidProxyURLError && !error.message.includes('geheim'),
      )
    }
  })
})

describe('NO_PROXY', () => {
  const rows: readonly (readonly [list: string, url: string, direct: boolean])[] = [
    ['*', 'http://a.test', true],
    ['a.test', 'http://a.test', true],
    ['A.Test', 'http://a.test', true],
    ['a.test', 'http://sub.a.test', true],
    ['.a.test', 'http://a.test', true],
    ['*.a.test', 'http://sub.a.test', true],
    ['a.test', 'http://nota.test', false],
    ['a.test', 'http://a.test.evil.test', false],
    ['a.test.', 'http://a.test', true],
    ['a.test', 'http://a.test.', true],
    ['a.test:8080', 'http://a.test:8080', true],
    ['a.test:8080', 'http://a.test', false],
    ['a.test:80', 'http://a.test', true],
    ['a.test:443', 'https://a.test', true],
    ['b.test, a.test', 'http://a.test', true],
    ['b.test a.test', 'http://a.test', true],
    ['münchen.test', 'http://xn--mnchen-3ya.test', true],
    ['127.0.0.1', 'http://127.0.0.1', true],
    ['127.0.0.1', 'http://0x7f000001', true],
    ['127.1', 'http://127.0.0.1', true],
    ['0.0.1', 'http://127.0.0.1', false],
    ['10.0.0.0/8', 'http://10.1.2.3', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['10.0.0.0/8', 'http://a.test', false],
    ['10.0.0.0/33', 'http://10.1.2.3', false],
    ['0.0.0.0/0', 'http://10.1.2.3', true],
    ['::1', 'http://[::1]', true],
    ['[::1]', 'http://[::1]:8080', true],
    ['[::1]:8080', 'http://[::1]:8080', true],
    ['[::1]:8080', 'http://[::1]', false],
    ['0:0:0:0:0:0:0:1', 'http://[::1]', true],
    ['fd00::/8', 'http://[fd12::1]', true],
    ['fd00::/8', 'http://[fe80::1]', false],
    ['::ffff:127.0.0.1', 'http://127.0.0.1', true],
    ['127.0.0.1', 'http://[::ffff:7f00:1]', true],
    ['127.0.0.0/8', 'http://[::ffff:127.0.0.1]', true],
    ['::ffff:127.0.0.0/104', 'http://127.9.9.9', true],
    ['', 'http://a.test', false],
    ['/', 'http://a.test', false],
  ]
  for (const [list, url, direct] of rows) {
    it(`"${list}" sends ${url} ${direct ? 'direct' : 'through the proxy'}`, () => {
      const host = hostFor(url, { all: 'http://p:1', no_proxy: list })
      assert.equal(host === null, direct)
    })
  }
})

describe('the environment', () => {
  const read = (variables: Record<string, string>) =>
    proxyRules.fromEnvironment((name) => variables[name])

  it('prefers lower case and ignores empty variables', () => {
    assert.deepEqual(read({ http_proxy: 'a:1', HTTP_PROXY: 'b:2', https_proxy: '' }), {
      http: 'a:1',
    })
    assert.deepEqual(read({ https_proxy: ' ', HTTPS_PROXY: 'b:2' }), { https: 'b:2' })
  })

  it('knows ALL_PROXY and NO_PROXY', () => {
    assert.deepEqual(read({ ALL_PROXY: 'socks5h://p', NO_PROXY: 'x' }), {
      all: 'socks5h://p',
      no_proxy: 'x',
    })
  })

  it('ignores HTTP_PROXY under CGI, where a client can set it', () => {
    assert.deepEqual(read({ REQUEST_METHOD: 'GET', HTTP_PROXY: 'evil:1' }), {})
    assert.deepEqual(read({ REQUEST_METHOD: 'GET', http_proxy: 'good:1', HTTPS_PROXY: 'c:3' }), {
      http: 'good:1',
      https: 'c:3',
    })
  })
})
