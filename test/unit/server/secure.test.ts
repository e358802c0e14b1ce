/** TLS, HTTP/2 and the proxies, asked by Node's own clients. */
import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { startServers } from '../../server/servers.ts'
import type { RunningServers } from '../../server/servers.ts'

let running: RunningServers

before(async () => {
  running = await startServers()
})

after(async () => {
  await running.close()
})

async function getSecure(url: string, ca: string | undefined): Promise<string> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpsRequest(url, { ca, agent: false }, resolve).on('error', reject).end()
  })
  return text(answer)
}

async function ask(options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ agent: false, ...options }, resolve)
    request.on('error', reject)
    request.on('connect', (answer, socket) => {
      socket.destroy()
      resolve(answer)
    })
    request.end()
  })
}

test('the authority signs https and h2, and nothing else passes', async () => {
  const { servers } = running
  assert.match(await getSecure(`${servers.https}/echo`, servers.ca), /"listener":"https"/)
  assert.match(await getSecure(`${servers.h2}/echo`, servers.ca), /"httpVersion":"1.1"/)
  const codeOf = async (url: string, ca?: string): Promise<unknown> =>
    getSecure(`${url}/echo`, ca).catch((error: unknown) =>
      error instanceof Error && 'code' in error ? error.code : error,
    )
  assert.equal(await codeOf(servers.untrusted, servers.ca), 'DEPTH_ZERO_SELF_SIGNED_CERT')
  assert.equal(await codeOf(servers.expired, servers.ca), 'CERT_HAS_EXPIRED')
  assert.equal(await codeOf(servers.wrongHost, servers.ca), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(await codeOf(servers.https), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  assert.equal(await codeOf(servers.refused.replace('http:', 'https:')), 'ECONNREFUSED')
})

test('HTTP/2 is spoken by ALPN, and a cut body resets the stream alone', async () => {
  const { h2, ca } = running.servers
  const session = connectHttp2(h2, { ca })
  const get = async (path: string): Promise<string> => {
    const stream = session.request({ ':path': path })
    stream.end()
    return text(stream)
  }
  assert.match(await get('/echo'), /"httpVersion":"2.0"/)
  await assert.rejects(get('/bytes/1000?cut=10'))
  assert.match(await get('/echo'), /"requestOnConnection":3/)
  assert.match(await get('/gzip-cut'), /./)
  session.close()
})

test('the proxy forwards absolute targets and logs them', async () => {
  const { proxy, http, control } = running.servers
  const { port } = new URL(proxy)
  const target = `${http}/echo?tag=proxied-one`
  const answer = await ask({ port, path: target, headers: { 'Proxy-Authorization': 'Basic YTpi' } })
  assert.doesNotMatch(await text(answer), /Proxy-Authorization/i)
  const log = await (await fetch(`${control}/proxy?match=proxied-one`)).text()
  assert.match(log, /"user":"a"/)
  assert.equal((await ask({ port, path: '/echo' })).statusCode, 400)
  assert.equal((await ask({ port, path: `${running.servers.refused}/` })).statusCode, 502)
})

test('the proxy tunnels, for whoever has the password', async () => {
  const { proxyAuth, https, ca } = running.servers
  const { port } = new URL(proxyAuth)
  const path = `a.server.localhost:${new URL(https).port}`
  const refused = await ask({ port, method: 'CONNECT', path })
  assert.equal(refused.statusCode, 407)
  assert.match(refused.headers['proxy-authenticate'] ?? '', /^Basic /)
  const credentials = `Basic ${Buffer.from('anybody:secret').toString('base64')}`
  const socket = await new Promise<Duplex>((resolve, reject) => {
    const headers = { 'Proxy-Authorization': credentials }
    const request = httpRequest({ port, method: 'CONNECT', path, headers, agent: false })
    request.on('connect', (answer, tunnel) => {
      resolve(tunnel)
    })
    request.on('error', reject)
    request.end()
  })
  const secure = connectTls({ socket, servername: 'a.server.localhost', ca })
  secure.write('GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  assert.match(await text(secure), /"listener":"https"/)
})
