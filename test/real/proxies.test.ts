/**
 * squid, tinyproxy and microsocks under Node, Deno and Bun: what the environment says, what the
 * caller says, and which of them counts. Every row has a server of its own, so that the logs of the
 * proxies tell who was asked for it.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, test } from 'node:test'
import { makeCertificates } from '../server/certificates.ts'
import type { Certificates } from '../server/certificates.ts'
import { listen } from '../server/listeners.ts'
import type { Listener } from '../server/listeners.ts'
import { findProgram, startProgram } from './programs.ts'
import type { Program } from './programs.ts'
import { microsocks, squid, tinyproxy } from './proxy-programs.ts'
import { binary } from '../harness/binary.ts'

type Route = 'direct' | 'squid' | 'tinyproxy' | 'microsocks' | `error ${string}`
type Environment = Readonly<Record<string, string>>

interface Row {
  readonly what: string
  readonly scheme: 'http' | 'https'
  readonly options?: Readonly<Record<string, unknown>>
  readonly session?: Readonly<Record<string, unknown>>
  /** Which authorities to trust is left to the environment. */
  readonly unsaid?: boolean
  readonly expected: Route
  /** Bun knows no SOCKS. */
  readonly onBun?: Route
}

const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  node: [process.execPath],
  deno: [await binary('deno'), 'run', '--no-check', '--allow-all', '--node-modules-dir=manual'],
  bun: [await binary('bun'), '--no-install'],
}
const PROGRAMS = ['squid', 'tinyproxy', 'microsocks']
const missing = PROGRAMS.filter((name) => findProgram(name) === null)
const skip = missing.length === 0 ? false : `not installed: ${missing.join(', ')}`

let certificates: Certificates
let caFile = ''
let otherFile = ''
const running = new Map<string, Program>()
const opened: Listener[] = []

before(async () => {
  if (skip !== false) return
  certificates = await makeCertificates()
  running.set('squid', await startProgram(squid))
  running.set('tinyproxy', await startProgram(tinyproxy))
  running.set('microsocks', await startProgram(microsocks))
  const { folder } = program('squid')
  caFile = join(folder, 'ca.pem')
  otherFile = join(folder, 'other.pem')
  await writeFile(caFile, certificates.ca)
  await writeFile(otherFile, (await makeCertificates()).ca)
})
after(async () => {
  await Promise.all([...running.values()].map(async (each) => await each.stop()))
  await Promise.all(opened.map(async (each) => await each.close()))
})

for (const runtime of Object.keys(RUNTIMES)) {
  test(`${runtime}: the environment, and what overrules it`, { skip }, async () => {
    const squidUrl = urlOf('squid')
    const environment = { HTTP_PROXY: squidUrl, https_proxy: squidUrl }
    await check(runtime, environment, [...bothSchemes(ENVIRONMENT_ROWS), ...socksRows()])
    const bypass = { ...environment, NO_PROXY: 'other.test, .localhost,localhost,127.0.0.0/8' }
    await check(runtime, bypass, bothSchemes(BYPASS_ROWS))
  })

  test(`${runtime}: ALL_PROXY, CGI, and empty variables`, { skip }, async () => {
    const socks = { ALL_PROXY: `socks5h://user:secret@127.0.0.1:${portOf('microsocks')}` }
    const expected = { expected: 'microsocks', onBun: 'error UnsupportedError' } as const
    await check(runtime, socks, bothSchemes([{ what: 'ALL_PROXY', ...expected }]))
    const cgi = { HTTP_PROXY: urlOf('squid'), REQUEST_METHOD: 'GET', HTTPS_PROXY: '' }
    await check(runtime, cgi, bothSchemes([{ what: 'httpoxy', expected: 'direct' }]))
    const lower = { http_proxy: urlOf('squid'), HTTP_PROXY: 'http://127.0.0.1:1' }
    await check(runtime, lower, [{ what: 'lower case', scheme: 'http', expected: 'squid' }])
  })

  test(`${runtime}: authorities of the environment, and own ones instead`, { skip }, async () => {
    const bundle = { REQUESTS_CA_BUNDLE: caFile, SSL_CERT_FILE: '/nowhere.pem' }
    const rows: readonly Omit<Row, 'scheme'>[] = [
      { what: 'from the environment', unsaid: true, expected: 'direct' },
      {
        what: 'not trusted',
        unsaid: true,
        session: { trustEnv: false },
        expected: 'error SSLError',
      },
      { what: 'explicit wins', options: { verify: otherFile }, expected: 'error SSLError' },
    ]
    const https = rows.map((row) => ({ ...row, scheme: 'https' }) as const)
    await check(runtime, bundle, https)
    await check(runtime, { CURL_CA_BUNDLE: caFile }, https.slice(0, 1))
    // What the runtime itself would trust besides: an own authority takes the place of that too.
    const extra = { NODE_EXTRA_CA_CERTS: caFile, DENO_CERT: caFile }
    await check(runtime, extra, https.slice(2))
  })
}

test('deno: with --allow-net alone nothing is asked, and nothing fails', { skip }, async () => {
  const [deno = ''] = RUNTIMES['deno'] ?? []
  const listener = await originFor('http')
  const jobs = JSON.stringify([{ url: `http://127.0.0.1:${String(listener.port)}/` }])
  const permissions = ['--allow-net', `--allow-read=${process.cwd()}`]
  const parts = [deno, 'run', '--no-check', ...permissions, '--node-modules-dir=manual']
  const quoted = [...parts, CHILD, entryOf('deno'), jobs].map((part) => `'${part}'`).join(' ')
  // `script` gives it a terminal, on which Deno would prompt and wait.
  const output = await run(['script', '-qec', quoted, '/dev/null'], { HTTP_PROXY: urlOf('squid') })
  assert.deepEqual(readOutcomes(output), [{ status: 200 }])
})

const ENVIRONMENT_ROWS: readonly Omit<Row, 'scheme'>[] = [
  { what: 'nothing said', expected: 'squid' },
  { what: 'proxies: null', options: { proxies: null }, expected: 'direct' },
  { what: 'trustEnv: false', session: { trustEnv: false }, expected: 'direct' },
  { what: 'explicit', options: { proxies: { all: '<tinyproxy>' } }, expected: 'tinyproxy' },
  { what: 'of the session', session: { proxies: { all: '<tinyproxy>' } }, expected: 'tinyproxy' },
  { what: 'no_proxy of the call', options: { proxies: { no_proxy: '*' } }, expected: 'direct' },
]
const BYPASS_ROWS: readonly Omit<Row, 'scheme'>[] = [
  { what: 'NO_PROXY', expected: 'direct' },
  { what: 'explicit', options: { proxies: { all: '<tinyproxy>' } }, expected: 'tinyproxy' },
]

function socksRows(): readonly Row[] {
  const user = 'user:secret@'
  const rows = ['socks5', 'socks5h'].map((scheme) => ({
    what: scheme,
    options: { proxies: { all: `${scheme}://${user}127.0.0.1:${portOf('microsocks')}` } },
    expected: 'microsocks',
    onBun: 'error UnsupportedError',
  })) as readonly Omit<Row, 'scheme'>[]
  const wrong: Row = {
    what: 'wrong password',
    scheme: 'http',
    options: { proxies: { all: `socks5h://user:wrong@127.0.0.1:${portOf('microsocks')}` } },
    expected: 'error ProxyError',
    onBun: 'error UnsupportedError',
  }
  const refused: Row = {
    what: 'wrong password for tinyproxy',
    scheme: 'https',
    options: { proxies: { all: `http://user:wrong@127.0.0.1:${portOf('tinyproxy')}` } },
    expected: 'error ProxyError',
  }
  return [...bothSchemes(rows), wrong, refused]
}

function bothSchemes(rows: readonly Omit<Row, 'scheme'>[]): Row[] {
  return rows.flatMap((row) => [
    { ...row, scheme: 'http' },
    { ...row, scheme: 'https' },
  ])
}

async function check(
  runtime: string,
  environment: Environment,
  rows: readonly Row[],
): Promise<void> {
  const origins = await Promise.all(rows.map(async ({ scheme }) => await originFor(scheme)))
  const jobs = rows.map(({ scheme, options, session, unsaid }, at) => ({
    url: `${scheme}://localhost:${String(origins[at]?.port)}/`,
    options: { ...(unsaid === true ? {} : { verify: caFile }), ...options },
    session: session ?? {},
  }))
  const sent = JSON.stringify(jobs).replaceAll('<tinyproxy>', urlOf('tinyproxy'))
  const command = [...(RUNTIMES[runtime] ?? []), CHILD, entryOf(runtime), sent]
  const outcomes = readOutcomes(await run(command, environment))
  for (const [at, row] of rows.entries()) {
    const outcome = outcomes[at]
    const port = origins[at]?.port ?? 0
    const route = outcome?.error === undefined ? await routeOf(port) : `error ${outcome.error}`
    const expected = runtime === 'bun' ? (row.onBun ?? row.expected) : row.expected
    const name = `${row.scheme}, ${row.what}`
    assert.equal(`${name}: ${route}`, `${name}: ${expected}`, JSON.stringify(outcome))
  }
}

interface Outcome {
  readonly status?: number
  readonly error?: string
}

/** Logs are written a moment later: what nobody mentions for a while went direct. */
async function routeOf(port: number): Promise<Route> {
  for (let tries = 0; tries < 15; tries++) {
    for (const name of ['squid', 'tinyproxy', 'microsocks'] as const) {
      if ((await logOf(name)).includes(`:${String(port)}`)) return name
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return 'direct'
}

async function logOf(name: string): Promise<string> {
  const { folder, output } = program(name)
  if (name === 'microsocks') return output()
  return await readFile(join(folder, 'access.log'), 'utf8').catch(() => '')
}

async function originFor(scheme: 'http' | 'https'): Promise<Listener> {
  const answer = (_: unknown, response: { end(text: string): unknown }): void => {
    response.end('ok')
  }
  const server: Server =
    scheme === 'http' ? createServer(answer) : createTlsServer(certificates.valid, answer)
  const listener = await listen(server)
  opened.push(listener)
  return listener
}

async function run(command: readonly string[], environment: Environment): Promise<string> {
  const [program = '', ...args] = command
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', ...environment }
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  await new Promise((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  return output
}

function readOutcomes(output: string): readonly Outcome[] {
  const line = output.split(/\r?\n/).find((each) => each.startsWith('@['))
  if (line === undefined) throw new Error(`No outcome: ${output}`)
  // Printed by proxies-child.mjs.
  return JSON.parse(line.slice(1)) as readonly Outcome[]
}

const CHILD = join(process.cwd(), 'test/real/proxies-child.mjs')

function entryOf(runtime: string): string {
  return `file://${join(process.cwd(), 'dist', runtime, 'index.js')}`
}

function program(name: string): Program {
  const found = running.get(name)
  if (found === undefined) throw new Error(`${name} is not running`)
  return found
}

function portOf(name: string): string {
  return String(program(name).port)
}

function urlOf(name: string): string {
  const user = name === 'tinyproxy' ? 'user:secret@' : ''
  return `http://${user}127.0.0.1:${portOf(name)}`
}
