/** What the first request loads: in a process of its own, which has loaded nothing of it before. */
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { it } from 'node:test'
import { loadRequired } from '../../../../adapters/node/load-undici.ts'

const require = createRequire(import.meta.url)

/** The modules of Node's own that are there. */
function loaded(): readonly string[] {
  // Undocumented, and there since Node 0.12.
  return Reflect.get(process, 'moduleLoadList') as readonly string[]
}

it('brings neither HTTP/2 nor TLS along before a connection wants them', () => {
  const undici = loadRequired()
  assert.equal(typeof undici?.Client, 'function')
  assert.ok(loaded().includes('NativeModule net'))
  for (const name of ['http2', 'tls']) assert.ok(!loaded().includes(`NativeModule ${name}`), name)
})

it('leaves no stand-in behind for others who want undici', () => {
  const connect: unknown = require('undici/lib/dispatcher/client-h2.js')
  assert.equal(typeof connect, 'function')
  assert.equal(Reflect.get(connect as object, 'name'), 'connectH2')
  assert.ok(loaded().includes('NativeModule http2'))
})
