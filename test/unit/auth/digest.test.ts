/** Digest: the vectors of the RFCs, and the flow against a server that checks every answer. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { parseChallenges } from '../../../src/auth/challenge.ts'
import { loadHash } from '../../../src/auth/digest-hash.ts'
import { digestHeader, digestResponse } from '../../../src/auth/digest-response.ts'
import type { DigestParts } from '../../../src/auth/digest-response.ts'
import { DigestAuth } from '../../../src/auth/digest.ts'
import { UnrewindableBodyError } from '../../../src/errors.ts'
import type { BodySource, BodyPiece } from '../../../src/ports.ts'
import type { AuthRequest, AuthResponse } from '../../../src/types.ts'

const mufasa: DigestParts = {
  username: 'Mufasa',
  password: 'Circle of Life',
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  algorithm: 'MD5',
  qop: 'auth',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  userhash: false,
  utf8: false,
  method: 'GET',
  uri: '/dir/index.html',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  nonceCount: 1,
  bodyHash: '',
}
const jason: DigestParts = {
  ...mufasa,
  username: 'J\u00e4s\u00f8n Doe',
  password: 'Secret, or not?',
  realm: 'api@example.org',
  nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
  algorithm: 'SHA-512-256',
  opaque: 'HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS',
  userhash: true,
  utf8: true,
  uri: '/doe.json',
  cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
}

async function hash(name: string) {
  const found = await loadHash(name)
  assert.ok(found !== null)
  return found
}

test('the examples of RFC 7616 §3.9.1', async () => {
  assert.equal(digestResponse(mufasa, await hash('md5')), '8ca523f5e9506fed4657c9700eebdbec')
  assert.equal(
    digestResponse({ ...mufasa, algorithm: 'SHA-256' }, await hash('sha-256')),
    '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  )
})

test('the example of RFC 7616 §3.9.2, as its erratum 4897 corrects it', async () => {
  const header = digestHeader(jason, await hash('sha-512-256'))
  assert.match(
    header,
    /username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"/,
  )
  assert.match(
    header,
    /response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"/,
  )
  assert.match(header, /userhash=true$/)
})

test('the example of RFC 2617 §3.5', async () => {
  const parts = {
    ...mufasa,
    password: 'Circle Of Life',
    realm: 'testrealm@host.com',
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    cnonce: '0a4f113b',
  }
  assert.equal(digestResponse(parts, await hash('md5')), '6629fae49393a05397450978507c4ef1')
})

test('a name beyond ASCII goes as RFC 8187 text, or as bytes to older servers', async () => {
  const md5 = await hash('md5')
  const named = { ...jason, algorithm: null, userhash: false }
  assert.match(digestHeader(named, md5), /^Digest username\*=UTF-8''J%C3%A4s%C3%B8n%20Doe, /)
  const older = digestHeader({ ...named, utf8: false }, md5)
  assert.match(older, /^Digest username="J\u00c3\u00a4s\u00c3\u00b8n Doe", /)
  assert.match(digestHeader({ ...named, username: 'a"b\\' }, md5), /username="a\\"b\\\\"/)
})

test('a realm beyond ASCII is hashed and sent back octet by octet, in whatever charset it came', async () => {
  const md5 = await hash('md5')
  for (const charset of ['latin1', 'utf8'] as const) {
    const realm = Buffer.from('Gerät', charset)
    // A header value has one character for each octet.
    const parts = { ...mufasa, username: 'Jäsøn', realm: realm.toString('latin1'), qop: null }
    const secret = Buffer.concat([Buffer.from('Jäsøn:'), realm, Buffer.from(':Circle of Life')])
    const hex = (data: Buffer | string): string => createHash('md5').update(data).digest('hex')
    const response = hex(`${hex(secret)}:${parts.nonce}:${hex('GET:/dir/index.html')}`)
    assert.equal(digestResponse(parts, md5), response)
    const sent = Buffer.from(digestHeader(parts, md5), 'latin1')
    assert.ok(sent.includes(Buffer.concat([Buffer.from('realm="'), realm, Buffer.from('"')])))
    const hidden = digestHeader({ ...parts, userhash: true }, md5)
    const name = hex(Buffer.concat([Buffer.from('Jäsøn:'), realm]))
    assert.ok(hidden.includes(`username="${name}"`))
  }
})

/** A server that accepts a right answer once per nonce count, and hands out challenges. */
class FakeServer {
  readonly seen: Record<string, string>[] = []
  challenge = 'Digest realm="r", nonce="n1", qop="auth"'
  password = 'p'
  algorithm = 'md5'
  info: string | null = null

  answer(headers: Record<string, string>, request: AuthRequest, body = ''): AuthResponse {
    const sent = parseChallenges([headers['Authorization'] ?? ''])[0]?.parameters ?? null
    if (sent !== null) this.seen.push({ ...sent })
    const right = sent !== null && sent['response'] === this.expected({ ...sent }, request, body)
    const known = sent?.['nonce'] === /nonce="([^"]*)"/.exec(this.challenge)?.[1]
    return {
      status: right && known ? 200 : 401,
      header: () => (right && known ? this.info : null),
      headerValues: () => (right && known ? [] : ['Basic realm="r"', this.challenge]),
    }
  }

  expected(sent: Record<string, string>, request: AuthRequest, body: string): string {
    const h = (text: string) => createHash(this.algorithm).update(text).digest('hex')
    const { nonce = '', nc = '', cnonce = '', qop, realm = '', algorithm = '' } = sent
    let secret = h(`u:${realm}:${this.password}`)
    if (algorithm.endsWith('-sess')) secret = h(`${secret}:${nonce}:${cnonce}`)
    const action = h(
      `${request.method}:${sent['uri'] ?? ''}${qop === 'auth-int' ? `:${h(body)}` : ''}`,
    )
    if (qop === undefined) return h(`${secret}:${nonce}:${action}`)
    return h([secret, nonce, nc, cnonce, qop, action].join(':'))
  }
}

/** Runs the flow as `send` does; returns the statuses in turn. */
async function run(auth: DigestAuth, server: FakeServer, body: [BodySource, string] | null = null) {
  const headers: Record<string, string> = {}
  const request: AuthRequest = {
    method: body === null ? 'GET' : 'POST',
    url: new URL('http://h.example/a%20b?c=%22d'),
    body: body?.[0] ?? null,
    header: (name) => headers[name] ?? null,
    setHeader: (name, value) => {
      headers[name] = value
    },
  }
  const statuses: number[] = []
  const flow = auth.flow(request)
  for (let step = await flow.next(); step.done !== true;) {
    const response = server.answer(headers, request, body?.[1])
    statuses.push(response.status)
    step = await flow.next(response)
  }
  return statuses
}

test('a challenge is answered, and from then on the answer is sent at once', async () => {
  const auth = new DigestAuth('u', 'p')
  const server = new FakeServer()
  assert.deepEqual(await run(auth, server), [401, 200])
  assert.deepEqual(await run(auth, server), [200])
  assert.deepEqual(
    server.seen.map((each) => each['nc']),
    ['00000001', '00000002'],
  )
  assert.equal(server.seen[0]?.['uri'], '/a%20b?c=%22d')
  assert.equal(server.seen[0]['cnonce']?.length, 32)
})

test('every algorithm, with and without qop and -sess', async () => {
  const names = [
    ['MD5', 'md5'],
    ['SHA-256', 'sha256'],
    ['SHA-512-256', 'sha512-256'],
  ] as const
  for (const [name, algorithm] of names) {
    for (const suffix of ['', '-sess']) {
      const server = new FakeServer()
      server.algorithm = algorithm
      server.challenge = `Digest realm="r", nonce="n1", qop="auth-int, auth", algorithm=${name}${suffix}`
      const auth = new DigestAuth('u', 'p')
      assert.deepEqual(await run(auth, server), [401, 200], name + suffix)
      assert.deepEqual(await run(auth, server), [200], name + suffix)
      assert.equal(server.seen[1]?.['qop'], 'auth')
    }
  }
  const old = new FakeServer()
  for (const qop of ['', ', qop=""', ', qop=']) {
    old.challenge = `Digest realm="r", nonce="n1"${qop}`
    assert.deepEqual(await run(new DigestAuth('u', 'p'), old), [401, 200], qop)
    assert.equal(old.seen.at(-1)?.['qop'], undefined)
  }
})

test('wrong credentials are tried once', async () => {
  const server = new FakeServer()
  server.password = 'other'
  const auth = new DigestAuth('u', 'p')
  assert.deepEqual(await run(auth, server), [401, 401])
  assert.deepEqual(await run(auth, server), [401, 401])
})

test('an old nonce is replaced, whether the server calls it stale or not', async () => {
  for (const stale of [', stale=TRUE', '']) {
    const auth = new DigestAuth('u', 'p')
    const server = new FakeServer()
    await run(auth, server)
    server.challenge = `Digest realm="r", nonce="n2", qop="auth"${stale}`
    assert.deepEqual(await run(auth, server), [401, 200])
    assert.deepEqual(server.seen.at(-1)?.['nc'], '00000001')
  }
})

test('the next nonce of Authentication-Info is used', async () => {
  const auth = new DigestAuth('u', 'p')
  const server = new FakeServer()
  server.info = 'nextnonce="n2", qop=auth'
  await run(auth, server)
  server.challenge = server.challenge.replace('n1', 'n2')
  assert.deepEqual(await run(auth, server), [200])
})

test('challenges that are not understood end the flow', async () => {
  for (const challenge of [
    'Basic realm="r"',
    'Digest realm="r", nonce="n", algorithm=SHA-1024',
    'Digest realm="r", nonce="n", qop="other"',
    'Digest realm="r"',
  ]) {
    const server = new FakeServer()
    server.challenge = challenge
    assert.deepEqual(await run(new DigestAuth('u', 'p'), server), [401])
  }
})

test('auth-int covers the body, of whatever pieces', async () => {
  const pieces: BodyPiece[] = [
    { kind: 'bytes', bytes: Buffer.from('head ') },
    { kind: 'blob', blob: new Blob(['blob ']) },
    {
      kind: 'stream',
      length: null,
      chunks: (async function* () {
        yield Buffer.from('tail')
      })(),
    },
  ]
  let closed = 0
  const source: BodySource = {
    replayable: true,
    open: () => ({ length: null, pieces, close: () => void (closed += 1) }),
  }
  const server = new FakeServer()
  server.challenge = 'Digest realm="r", nonce="n1", qop="auth-int"'
  assert.deepEqual(
    await run(new DigestAuth('u', 'p'), server, [source, 'head blob tail']),
    [401, 200],
  )
  assert.equal(closed, 1)
  const once: BodySource = { ...source, replayable: false }
  await assert.rejects(run(new DigestAuth('u', 'p'), server, [once, '']), UnrewindableBodyError)
  assert.deepEqual(await run(new DigestAuth('u', 'p'), server), [401, 200])
})

test('the password is in no inspection, and control characters are refused', () => {
  const auth = new DigestAuth('u', 'hunter2')
  const shown = inspect(auth, { showHidden: true, depth: 9 }) + JSON.stringify(auth)
  assert.ok(!shown.includes('hunter2'))
  assert.throws(() => new DigestAuth('a\n', 'b'), TypeError)
  assert.throws(() => new DigestAuth('a', null as unknown as string), TypeError)
})
