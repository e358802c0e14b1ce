/** Lists of header fields that calls share: nobody may add to them for the calls that follow. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { platform } from '../../adapters/node/platform.ts'
import { undiciCapabilities } from '../../adapters/undici/capabilities.ts'
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
