/** Which netrc file is read, when it is read again, and who wins over it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { netrcReader } from '../../../../adapters/node/netrc.ts'
import { platform } from '../../../../adapters/node/platform.ts'
import { Session } from '../../../../src/session.ts'
import type { RequestOptions, SessionInput } from '../../../../src/settings.ts'

const home = mkdtempSync(join(tmpdir(), 'ubiquest-netrc-'))
const variables: Record<string, string | undefined> = { HOME: home }
/** Each look is a second after the one before. */
let clock = 0
const later = (): number => (clock += 1000)
const everywhere = (): boolean => true
const environment = (name: string): string | undefined => variables[name]
const file = join(home, '.netrc')

let server: Server
let port: number

before(async () => {
  server = createServer((request, response) => {
    if (request.url === '/moved') {
      const location = `http://localhost:${String(port)}/`
      response.writeHead(302, { Location: location }).end()
    } else response.end(request.headers.authorization ?? 'none')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Holds for a server that listens on TCP.
  port = (server.address() as AddressInfo).port
})
after(async () => {
  rmSync(home, { recursive: true })
  await new Promise((resolve) => server.close(resolve))
})

test('$NETRC, else ~/.netrc, else ~/_netrc', () => {
  const read = netrcReader(environment, everywhere, later)
  assert.equal(read('h.test'), null)
  writeFileSync(join(home, '_netrc'), 'machine h.test login under password p')
  assert.deepEqual(read('h.test'), ['under', 'p'])
  writeFileSync(file, 'machine h.test login dot password p')
  assert.deepEqual(read('h.test'), ['dot', 'p'])
  variables['NETRC'] = join(home, 'own')
  assert.equal(read('h.test'), null)
  writeFileSync(join(home, 'own'), 'machine h.test login own password p')
  assert.deepEqual(read('h.test'), ['own', 'p'])
  assert.equal(read('sub.h.test'), null)
  writeFileSync(join(home, 'own'), 'default')
  assert.equal(read('h.test'), null)
  delete variables['NETRC']
})

test('it is looked for once a second at most', () => {
  let time = 5000
  const read = netrcReader(environment, everywhere, () => time)
  writeFileSync(file, 'machine h.test login first password p')
  assert.deepEqual(read('h.test'), ['first', 'p'])
  writeFileSync(file, 'machine h.test login second password p')
  time += 999
  assert.deepEqual(read('h.test'), ['first', 'p'])
  time += 1
  assert.deepEqual(read('h.test'), ['second', 'p'])
})

test('a changed file is read again, one that may not be read is not asked for', () => {
  const read = netrcReader(environment, everywhere, later)
  writeFileSync(file, 'machine h.test login one password p')
  assert.deepEqual(read('h.test'), ['one', 'p'])
  writeFileSync(file, 'machine h.test login two password p')
  utimesSync(file, 1, 1)
  assert.deepEqual(read('h.test'), ['two', 'p'])
  const asked: string[] = []
  const denied = netrcReader(environment, (path) => {
    asked.push(path)
    return false
  })
  assert.equal(denied('h.test'), null)
  assert.deepEqual(asked, [file, join(home, '_netrc')])
  assert.equal(netrcReader(() => undefined)('h.test'), null)
})

/** What the server saw as Authorization. */
async function authorization(
  input: SessionInput,
  options: RequestOptions = {},
  path = '/',
): Promise<string> {
  const session = new Session({ ...platform, netrc: netrcReader(environment) }, input)
  try {
    return await (await session.get(`http://127.0.0.1:${String(port)}${path}`, options)).text()
  } finally {
    await session.close()
  }
}

test('it is used with trustEnv alone, below everything explicit, never after a redirect', async () => {
  writeFileSync(
    file,
    'machine 127.0.0.1 login net password rc\nmachine localhost login leak password leak',
  )
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`
  assert.equal(await authorization({}), basic('net:rc'))
  assert.equal(await authorization({ trustEnv: false }), 'none')
  assert.equal(await authorization({ auth: ['s', 'p'] }), basic('s:p'))
  assert.equal(await authorization({ auth: null }), 'none')
  assert.equal(await authorization({}, { auth: null }), 'none')
  assert.equal(await authorization({ headers: { Authorization: 'Own' } }), 'Own')
  assert.equal(await authorization({}, { headers: { Authorization: 'Own' } }), 'Own')
  assert.equal(await authorization({}, {}, '/moved'), 'none')
})
