/** Digest against squid: for what it forwards, and for the tunnels it opens. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import * as requests from '../../adapters/node/index.ts'
import { makeCertificates } from '../server/certificates.ts'
import { listen } from '../server/listeners.ts'
import { findProgram, startProgram } from './programs.ts'
import { SQUID_DIGEST_HELPER, squidWithDigest } from './proxy-programs.ts'

const isThere = findProgram('squid') !== null && existsSync(SQUID_DIGEST_HELPER)

function answer({ headers }: IncomingMessage, response: ServerResponse): void {
  response.end(JSON.stringify(Object.keys(headers).filter((name) => /^proxy-auth/.test(name))))
}

test(
  'squid opens tunnels for Digest, and the server sees none of it',
  {
    skip: !isThere,
  },
  async () => {
    const certificates = await makeCertificates()
    const plain = await listen(createServer(answer))
    const secure = await listen(createTlsServer(certificates.valid, answer))
    const squid = await startProgram(squidWithDigest)
    const proxies = { all: `http://127.0.0.1:${String(squid.port)}` }
    const session = new requests.Session({ proxies, verify: certificates.ca, trustEnv: false })
    try {
      const auth = new requests.DigestAuth('Mufasa', 'Circle of Life', { proxy: true })
      const urls = [
        `https://localhost:${String(secure.port)}/`,
        `http://localhost:${String(plain.port)}/`,
      ]
      for (const url of [...urls, ...urls]) {
        assert.deepEqual(await (await session.get(url, { auth })).json(), [])
      }
      const wrong = new requests.DigestAuth('Mufasa', 'wrong', { proxy: true })
      await assert.rejects(session.get(urls[0] ?? '', { auth: wrong }), {
        code: 'PROXY_AUTHENTICATION',
      })
      assert.equal((await session.get(urls[1] ?? '', { auth: wrong })).status, 407)
      const log = await readFile(join(squid.folder, 'access.log'), 'utf8')
      // Asked once by those who know the password, and twice by the others.
      assert.equal(log.match(/TCP_DENIED\/407 \d+ CONNECT/g)?.length, 3)
    } finally {
      await session.close()
      await squid.stop()
      await Promise.all([plain.close(), secure.close()])
    }
  },
)
