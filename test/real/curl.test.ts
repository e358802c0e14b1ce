/** `toCurl()`: what curl then sends is what we send. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import * as requests from '../../adapters/node/index.ts'
import { createControl, createRecorder } from '../harness/recorder.ts'
import type { RecordedRequest, RecorderClient } from '../harness/recorder.ts'
import { startServers } from '../server/servers.ts'
import type { RunningServers } from '../server/servers.ts'
import { findProgram } from './programs.ts'

const run = promisify(execFile)
let running: RunningServers
let recorder: RecorderClient

before(async () => {
  running = await startServers()
  const control = createControl(running.servers, async (url, { method, body }) => {
    return (await fetch(url, { method, body })).text()
  })
  recorder = createRecorder(control)
})
after(async () => {
  await running.close()
})

const ROWS: readonly [method: string, path: string, options: requests.RequestInput][] = [
  ['GET', "?a=b&c='d'&e=$HOME&f={1,2}&g=[1-3]", { headers: { 'X-Quote': `it's "$(date)" \\` } }],
  ['POST', '?q', { json: { text: 'ünï "quoted" \n \' %' } }],
  ['POST', '', { data: { a: 'b c', d: ['1', '2'] }, auth: ['user', "pa'ss"] }],
  ['PUT', '', { data: new Uint8Array([0, 1, 39, 92, 37, 128, 255]) }],
  ['PATCH', '', { data: '@not-a-file', headers: { 'Content-Type': 'text/plain' } }],
  ['POST', '', {}],
  ['DELETE', '', { cookies: { a: '1', b: '2' } }],
  ['HEAD', '', { headers: { 'X-Empty': '' } }],
  ['QUERY', '', { data: 'select', headers: { Accept: 'x/y', 'User-Agent': 'own' } }],
]

test('curl sends the same', { skip: findProgram('curl') === null }, async () => {
  const session = new requests.Session({ trustEnv: false })
  for (const [method, path, options] of ROWS) {
    const playing = await recorder.play()
    const request = new requests.Request(method, playing.url + path, options)
    const prepared = session.prepareRequest(request)
    await session.send(prepared)
    const line = prepared.toCurl({ secrets: true })
    await run('sh', ['-c', `${line} --noproxy '*' --silent --max-time 5`])
    const [ours, theirs] = await playing.requests({ complete: 2 })
    assert.deepEqual(comparable(theirs), comparable(ours), line)
  }
  await session.close()
})

/** Order and case of the fields, and what only says who keeps the connection, are left out. */
function comparable(request: RecordedRequest | undefined): unknown {
  assert.ok(request !== undefined)
  const [line = '', ...fields] = request.head.split('\r\n')
  const headers = fields
    .map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase()).trimEnd())
    .filter((field) => field !== '' && !field.startsWith('connection:'))
    .sort()
  return { line, headers, body: request.contentBase64 }
}
