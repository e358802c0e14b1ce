/** What the quick look lets pass, the thorough one has nothing against. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserCapabilities } from '../../adapters/browser/capabilities.ts'
import { defaultHeaders } from '../../adapters/fetch/default-headers.ts'
import { workerdCapabilities } from '../../adapters/workerd/capabilities.ts'
import { checkCapabilities } from '../../src/capability-check.ts'
import { mayHaveGaps } from '../../src/capability-need.ts'
import { CookieJar } from '../../src/cookies/jar.ts'
import { emptyJar } from '../../src/empty-jar.ts'
import { UnsupportedError } from '../../src/errors.ts'
import type { Capabilities, CallPlatform, Transport } from '../../src/ports.ts'
import { memoryBody } from '../../src/prepared-body.ts'
import { mergeHooks, mergeSettings } from '../../src/settings.ts'
import type { SendOptions, SendSettings } from '../../src/settings.ts'
import type { CookieStore } from '../../src/types.ts'

/** A transport that can do nothing. */
const can = Object.fromEntries(
  Object.keys(browserCapabilities).map((name) => [name, false]),
) as unknown as Capabilities
const platform = { runtime: 'browser' } as CallPlatform
const transport = { capabilities: can } as Transport
const plain = { method: 'GET', headers: [], body: null, cookies: null, auth: null, proxy: null }

function jarWithOne(): CookieStore {
  const jar = new CookieJar()
  jar.set('a', '1')
  return jar
}

function agree(
  request: Partial<Parameters<typeof mayHaveGaps>[0]>,
  settings: SendSettings,
  jar: CookieStore = emptyJar(),
): void {
  const asked = { ...plain, ...request }
  assert.throws(
    () => checkCapabilities(asked, { settings, platform, jar }, transport),
    UnsupportedError,
  )
  assert.equal(mayHaveGaps(asked, settings, jar, can), true)
}

test('a plain GET needs no thorough look, and has no gaps', () => {
  const settings = mergeSettings({ timeout: 5, retries: 2, stream: true }, {})
  assert.equal(mayHaveGaps(plain, settings, emptyJar(), can), false)
  const context = { settings, platform, jar: emptyJar() }
  assert.deepEqual(checkCapabilities(plain, context, transport), [])
})

test('every setting that may be refused is looked at', () => {
  const refused: readonly SendOptions[] = [
    { allowRedirects: false },
    { maxRedirects: 3 },
    { hooks: { redirect: () => undefined } },
    { verify: false },
    { verify: 'ca.pem' },
    { cert: 'client.pem' },
    { proxies: { http: 'http://proxy.test' } },
    { decompress: false },
  ]
  for (const options of refused) agree({}, mergeSettings(options, {}))
})

test('a redirect hook of a prepared request is looked at, too', () => {
  const hooks = mergeHooks({ redirect: () => undefined })
  agree({}, { ...mergeSettings({}, {}), hooks })
})

test('every request that may be refused is looked at', () => {
  const settings = mergeSettings({}, {})
  agree({ cookies: { a: '1' } }, settings)
  agree({ method: 'PURGE' }, settings)
  agree({ headers: [['Host', 'x.test']] }, settings)
  agree({ headers: [['Cookie', 'a=1']] }, settings)
  agree({ headers: [['X', '\xe9']] }, settings)
  agree({}, settings, jarWithOne())
})

test('every body that may be refused is looked at', () => {
  const settings = mergeSettings({}, {})
  const body = memoryBody(new Uint8Array(1))
  agree({ method: 'GET', body }, settings)
  agree({ method: 'HEAD', body }, settings)
  agree({ method: 'POST', body, headers: [['Expect', '100-continue']] }, settings)
  agree({ method: 'POST', body }, mergeSettings({ compress: 'gzip' }, {}))
  agree({ method: 'POST', body }, mergeSettings({ redirectBodies: 'error' }, {}))
})

test('what every server runtime can do is not looked at twice', () => {
  const body = memoryBody(new Uint8Array(1))
  const settings = mergeSettings({}, {})
  for (const method of ['GET', 'POST']) {
    const asked = {
      ...plain,
      method,
      headers: defaultHeaders,
      body: method === 'POST' ? body : null,
    }
    assert.equal(mayHaveGaps(asked, settings, jarWithOne(), workerdCapabilities), false)
  }
})
