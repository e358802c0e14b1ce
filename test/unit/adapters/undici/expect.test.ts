/** Uploads that wait for 100 (Continue), which go over node:http. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { streamSource } from '../../../../src/body/stream-source.ts'
import { countingServer, listen, openTransport, wireRequest } from './servers.ts'
import type { Running } from './servers.ts'

describe('uploads that ask first', () => {
  const transport = openTransport()
  let server: Running
  before(async () => {
    server = await listen(countingServer())
  })
  after(async () => {
    await transport.close()
    await server.close()
  })

  it('leave no listener behind for each time that the socket was full', async () => {
    const warnings: Error[] = []
    const listener = (warning: Error): void => void warnings.push(warning)
    process.on('warning', listener)
    const pieces = Array.from({ length: 40 }, () => new Uint8Array(100_000))
    const { body } = await transport.send({
      ...wireRequest(`http://127.0.0.1:${String(server.port)}/`, { method: 'POST' }),
      body: streamSource(pieces.values()),
      expectContinue: true,
    })
    assert.equal(new TextDecoder().decode(await body.collect(Infinity)), '4000000')
    process.off('warning', listener)
    assert.deepEqual(warnings, [])
  })
})
