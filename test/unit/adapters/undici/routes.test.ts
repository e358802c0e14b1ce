/** Ways to a server: TLS as asked, proxies, unix sockets, HTTP/2. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { after, before, describe, it } from 'node:test'
import { isConnectionError, ProxyError, SSLError } from '../../../../src/errors.ts'
import { fieldsOf } from '../../../../src/header-list.ts'
import type { ProxyTarget, TlsSettings } from '../../../../src/ports.ts'
import { makeCertificates } from '../../../server/certificates.ts'
import type { Certificates, Identity } from '../../../server/certificates.ts'
import { httpProxy, socksProxy } from './proxies.ts'
import { fetchText, listen, openTransport, wireRequest } from './servers.ts'
import type { Running } from './servers.ts'

let certificates: Certificates
let plain: Running
let secure: Running
let plainUrl = ''
let secureUrl = ''
let trusted: TlsSettings

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  response.end(`${request.url ?? ''} ${request.rawHeaders.join('|')}`)
}

async function secureServer(identity: Identity, more: https.ServerOptions = {}): Promise<Running> {
  const server = https.createServer({ ...identity, ...more }, answer)
  server.on('tlsClientError', () => undefined)
  return listen(server)
}

before(async () => {
  certificates = await makeCertificates()
  plain = await listen(http.createServer(answer))
  secure = await secureServer(certificates.valid)
  plainUrl = `http://127.0.0.1:${String(plain.port)}/here`
  secureUrl = `https://localhost:${String(secure.port)}/here`
  trusted = { verify: certificates.ca, cert: null }
})
after(async () => {
  await plain.close()
  await secure.close()
})

describe('TLS', () => {
  it('trusts the authorities it was given, as text, bytes or file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ubiquest-'))
    const path = join(folder, 'ca.pem')
    await writeFile(path, certificates.ca)
    const transport = openTransport()
    for (const verify of [certificates.ca, new TextEncoder().encode(certificates.ca), path]) {
      assert.match(
        await fetchText(transport, secureUrl, { tls: { verify, cert: null } }),
        /^\/here/,
      )
    }
    await transport.close()
    await rm(folder, { recursive: true })
  })

  it('never shares a connection between settings', async () => {
    const transport = openTransport()
    const off: TlsSettings = { verify: false, cert: null }
    assert.match(await fetchText(transport, secureUrl, { tls: off }), /^\/here/)
    await assert.rejects(fetchText(transport, secureUrl), { code: 'CERT_UNKNOWN_AUTHORITY' })
    assert.match(await fetchText(transport, secureUrl, { tls: trusted }), /^\/here/)
    assert.equal(transport.stats().reused, 0)
    assert.match(await fetchText(transport, secureUrl, { tls: { ...trusted } }), /^\/here/)
    assert.equal(transport.stats().reused, 1)
    await transport.close()
  })

  it('says what is wrong with a certificate', async () => {
    const rows: readonly (readonly ['expired' | 'wrongHost' | 'selfSigned', string])[] = [
      ['expired', 'CERT_EXPIRED'],
      ['wrongHost', 'CERT_WRONG_HOST'],
      ['selfSigned', 'CERT_SELF_SIGNED'],
    ]
    for (const [name, code] of rows) {
      const server = await secureServer(certificates[name])
      const transport = openTransport()
      const url = `https://localhost:${String(server.port)}/`
      const tls = name === 'selfSigned' ? { verify: true, cert: null } : trusted
      await assert.rejects(
        fetchText(transport, url, { tls }),
        (error: unknown) =>
          error instanceof SSLError && isConnectionError(error) && error.code === code,
        name,
      )
      await transport.close()
      await server.close()
    }
  })

  it('says that a server speaks no TLS, and which file is missing', async () => {
    const transport = openTransport()
    await assert.rejects(fetchText(transport, plainUrl.replace('http:', 'https:')), SSLError)
    const missing = { verify: '/no/such/ca.pem', cert: null }
    await assert.rejects(fetchText(transport, secureUrl, { tls: missing }), {
      code: 'FILE_NOT_FOUND',
    })
    await transport.close()
  })

  it('shows a client certificate, and checks the name of the URL whatever Host says', async () => {
    const identity = certificates.valid
    const options = { ...identity, requestCert: true, rejectUnauthorized: false }
    const server = await listen(
      https.createServer(options, (request, response) => {
        const shown = request.socket instanceof TLSSocket && request.socket.getPeerCertificate().raw
        response.end(`${shown ? 'known' : 'unknown'} ${request.headers.host ?? ''}`)
      }),
    )
    const transport = openTransport()
    const url = `https://localhost:${String(server.port)}/`
    const tls: TlsSettings = { verify: certificates.ca, cert: [identity.cert, identity.key] }
    const host = 'other.test'
    assert.equal(await fetchText(transport, url, { tls, host }), 'known other.test')
    assert.equal(await fetchText(transport, url, { tls: trusted, host }), 'unknown other.test')
    await transport.close()
    await server.close()
  })

  it('speaks HTTP/2 where that is wanted', async () => {
    const h2 = http2.createSecureServer({ ...certificates.valid, allowHTTP1: true })
    h2.on('stream', (stream, headers) => {
      stream.respond({ ':status': 200, 'set-cookie': ['a=1', 'b=2'], 'x-a': '1' })
      stream.end(String(headers[':authority']))
    })
    h2.on('request', (request, response) => {
      if (request.httpVersion === '1.1') response.end('1.1')
    })
    h2.on('sessionError', () => undefined)
    const server = await listen(h2)
    const url = `https://localhost:${String(server.port)}/`
    for (const http2 of [true, false]) {
      const transport = openTransport({ http2 })
      const response = await transport.send(wireRequest(url, { tls: trusted }))
      assert.equal(response.httpVersion, http2 ? '2' : '1.1')
      const text = new TextDecoder().decode(await response.body.collect(1000))
      assert.equal(text, http2 ? `localhost:${String(server.port)}` : '1.1')
      if (http2) {
        assert.equal(fieldsOf(response.headers).getSetCookie().length, 2)
        await Promise.all(
          Array.from({ length: 10 }, () => fetchText(transport, url, { tls: trusted })),
        )
        assert.equal(transport.stats().created, 1)
      }
      await transport.close()
    }
    await server.close()
  })
})

describe('proxies', () => {
  function target(url: string, username = '', password = ''): ProxyTarget {
    return { url: new URL(url), username, password }
  }
  const login = `Basic ${btoa('user:pass')}`

  it('are asked in absolute form for http, and keep their credentials', async () => {
    const proxy = await httpProxy({ authorization: login })
    const transport = openTransport()
    const url = `http://127.0.0.1:${String(proxy.port)}`
    const through = { proxy: target(url, 'user', 'pass') }
    assert.equal(await fetchText(transport, 'http://a.test:81/x?y', through), 'from the proxy')
    assert.equal(await fetchText(transport, 'http://b.test/', through), 'from the proxy')
    assert.match(proxy.log[0] ?? '', /^GET http:\/\/a\.test:81\/x\?y host\|a\.test:81\|/i)
    assert.match(proxy.log[1] ?? '', /host\|b\.test\|/i)
    assert.equal(proxy.connections.length, 1)
    const denied = await transport.send(wireRequest('http://a.test/', { proxy: target(url) }))
    assert.equal(denied.status, 407)
    await transport.close()
    await proxy.close()
  })

  it('forward for many names over one connection, over TLS too', async () => {
    for (const tls of [undefined, certificates.valid]) {
      const proxy = await httpProxy(tls === undefined ? {} : { tls })
      const transport = openTransport()
      const scheme = tls === undefined ? 'http' : 'https'
      const through = { proxy: target(`${scheme}://localhost:${String(proxy.port)}`), tls: trusted }
      for (const name of ['a', 'b', 'a']) {
        assert.equal(await fetchText(transport, `http://${name}.test/`, through), 'from the proxy')
      }
      assert.equal(transport.stats().created, 1)
      await transport.close()
      await proxy.close()
    }
  })

  it('open a tunnel for https, over TLS of their own too', async () => {
    for (const tls of [undefined, certificates.valid]) {
      const proxy = await httpProxy({ authorization: login, ...(tls === undefined ? {} : { tls }) })
      const transport = openTransport()
      const scheme = tls === undefined ? 'http' : 'https'
      const url = `${scheme}://localhost:${String(proxy.port)}`
      const through = { proxy: target(url, 'user', 'pass'), tls: trusted }
      const headers = [['Authorization', 'secret']] as const
      for (let count = 0; count < 2; count++) {
        const text = await fetchText(transport, secureUrl, { ...through, headers })
        assert.match(text, /^\/here .*Authorization\|secret/)
        assert.doesNotMatch(text, /proxy-authorization/i)
      }
      assert.deepEqual(proxy.log.length, 1)
      assert.match(proxy.log[0] ?? '', /^CONNECT localhost:\d+ /)
      assert.doesNotMatch(proxy.log[0] ?? '', /secret/)
      const own = [['Proxy-Authorization', login]] as const
      const named = { proxy: target(url), tls: trusted, headers: own }
      assert.doesNotMatch(await fetchText(transport, secureUrl, named), /proxy-authorization/i)
      await assert.rejects(
        fetchText(transport, secureUrl, { ...through, proxy: target(url) }),
        (error: unknown) => error instanceof ProxyError && error.code === 'PROXY_AUTHENTICATION',
      )
      await assert.rejects(
        fetchText(transport, secureUrl, { proxy: target(url, 'user', 'pass') }),
        tls === undefined ? SSLError : ProxyError,
      )
      await transport.close()
      await proxy.close()
    }
  })

  it('that cannot be reached are told from the server', async () => {
    const transport = openTransport()
    for (const proxy of ['http://127.0.0.1:1', 'socks5h://127.0.0.1:1']) {
      for (const url of [plainUrl, secureUrl]) {
        await assert.rejects(fetchText(transport, url, { proxy: target(proxy) }), ProxyError)
      }
    }
    await transport.close()
  })

  it('that say nothing are given up with the request', async () => {
    const silent = net.createServer((socket) => socket.resume())
    const server = await listen(silent)
    const transport = openTransport()
    for (const scheme of ['http', 'https', 'socks5h']) {
      const controller = new AbortController()
      const through = target(`${scheme}://127.0.0.1:${String(server.port)}`)
      const connected = once(silent, 'connection')
      const { signal } = controller
      const sent = fetchText(transport, secureUrl, { proxy: through, tls: trusted, signal })
      await connected
      const closed = once(server.connections.at(-1) ?? silent, 'close')
      controller.abort('gone')
      await assert.rejects(sent, (error: unknown) => error === 'gone', scheme)
      await closed
    }
    await transport.close()
    await server.close()
  })

  it('of SOCKS 5 get the name or the address, and user and password', async () => {
    const proxy = await socksProxy()
    const transport = openTransport()
    const at = `127.0.0.1:${String(proxy.port)}`
    const named = { proxy: target(`socks5h://${at}`, 'user', 'pass') }
    const url = `http://server.test:${String(plain.port)}/here`
    assert.match(await fetchText(transport, url, named), /^\/here Host\|server\.test/i)
    const resolved = { proxy: target(`socks5://${at}`), tls: trusted }
    assert.match(await fetchText(transport, secureUrl, resolved), /^\/here/)
    assert.deepEqual(proxy.log.slice(0, 2), ['user:pass', `server.test:${String(plain.port)}`])
    assert.equal(proxy.log[2], `127.0.0.1:${String(secure.port)}`)
    await assert.rejects(fetchText(transport, secureUrl, { proxy: resolved.proxy }), SSLError)
    await transport.close()
    await proxy.close()
  })
})

describe('unix sockets', () => {
  it('take the place of host and port', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ubiquest-'))
    const socketPath = join(folder, 's')
    const server = http.createServer(answer)
    server.listen(socketPath)
    await once(server, 'listening')
    const transport = openTransport()
    const url = 'http://docker.test/version'
    assert.match(await fetchText(transport, url, { socketPath }), /^\/version Host\|docker\.test/i)
    await assert.rejects(fetchText(transport, url, { socketPath: join(folder, 'none') }), {
      code: 'CONNECTION_REFUSED',
    })
    await transport.close()
    server.close()
    await rm(folder, { recursive: true })
  })
})
