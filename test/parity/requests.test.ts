/**
 * The same scripts in Python's `requests` and in ours, against the recorder: what arrives is
 * compared field by field, and so is what the caller gets.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import * as requests from '../../adapters/node/index.ts'
import { createControl, createRecorder } from '../harness/recorder.ts'
import type { RecordedRequest, RecorderClient, Recording } from '../harness/recorder.ts'
import { startServers } from '../server/servers.ts'
import type { RunningServers } from '../server/servers.ts'
import { play } from './play.ts'
import { scenarios } from './scenarios.ts'
import type { Scenario } from './scenarios.ts'

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

const python = ['python3', '/usr/bin/python3'].find((command) => {
  try {
    execFileSync(command, ['-c', 'import requests'], { stdio: 'ignore' })
    return true
  } catch {
    // No Python, or no requests.
    return false
  }
})

interface Outcome {
  readonly arrived: unknown
  readonly results: unknown
}

test('Python and we send the same and get the same', { skip: python === undefined }, async (t) => {
  const theirs = await playInPython(python ?? '')
  for (const [index, scenario] of scenarios.entries()) {
    await t.test(scenario.name, async () => {
      const ours = await playHere(scenario)
      if (scenario.differs === undefined) assert.deepEqual(ours, theirs[index])
      else {
        assert.notDeepEqual(ours, theirs[index], `no difference: ${scenario.differs}`)
        if (!/what arrives is the same/i.test(scenario.differs)) return
        assert.deepEqual(ours.arrived, theirs[index]?.arrived)
      }
    })
  }
})

async function record(scenario: Scenario): Promise<Recording> {
  return recorder.play(scenario.answers === undefined ? {} : { answers: scenario.answers })
}

async function playHere(scenario: Scenario): Promise<Outcome> {
  const recording = await record(scenario)
  const results = await play(requests, scenario, recording.url)
  // As Python's: plain objects, for a comparison that sees prototypes.
  return {
    arrived: await arrived(recording),
    results: JSON.parse(JSON.stringify(results)) as unknown,
  }
}

/** All at once: to start an interpreter takes longer than to play a scenario. */
async function playInPython(command: string): Promise<Outcome[]> {
  const recordings: Recording[] = []
  for (const scenario of scenarios) recordings.push(await record(scenario))
  const input = scenarios.map((each, at) => ({ ...each, base: recordings[at]?.url }))
  const { stdout, stderr } = await runPython(command, JSON.stringify(input))
  assert.notEqual(stdout, '', stderr)
  const results = JSON.parse(stdout) as unknown[]
  return Promise.all(
    recordings.map(async (recording, at) => ({
      arrived: await arrived(recording),
      results: results[at],
    })),
  )
}

/** Not synchronously: the recorder lives in this process. */
async function runPython(
  command: string,
  input: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const child = spawn(command, ['test/parity/run.py'], { stdio: 'pipe' })
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { stdout, stderr }
}

async function arrived(recording: Recording): Promise<unknown> {
  const id = new URL(recording.url).pathname
  return (await recording.requests()).map((request) => comparable(request, id))
}

/** Who sends and what it can decode differ by name; a boundary and a nonce are chosen at random. */
const OWN = /^(?:user-agent|accept-encoding|connection|host):/

function comparable(request: RecordedRequest, id: string): unknown {
  const [line = '', ...fields] = request.head.split('\r\n')
  const boundary = /boundary="?([^"\s;]+)/.exec(request.head)?.[1] ?? ''
  const headers = fields
    .map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase()))
    .filter((field) => field !== '' && !OWN.test(field))
    .map((field) => (field.startsWith('authorization: Digest') ? digestShape(field) : field))
    .map((field) => (boundary === '' ? field : field.replace(/^(content-length: ).*/, '$1N')))
    .map((field) => (boundary === '' ? field : field.replace(boundary, 'B')))
    .sort()
  const body = Buffer.from(request.contentBase64, 'base64').toString('latin1')
  return {
    line: line.replace(id, ''),
    headers,
    body: boundary === '' ? body : body.replaceAll(boundary, 'B'),
  }
}

/** Which parameters there are, and those that no client chooses. */
function digestShape(field: string): string {
  const parameters = [...field.matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]+))/g)]
  return parameters
    .map(([, name = '', quoted, plain]) =>
      ['cnonce', 'response'].includes(name) ? name : `${name}=${(quoted ?? plain) || ''}`,
    )
    .map((each) => each.replace(/\/r\/[^/?]+/, ''))
    .sort()
    .join(' ')
}
