/** Settings are kept only for as long as the session says the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeSettings } from '../../src/settings.ts'
import type { SendOptions, SessionSays } from '../../src/settings.ts'
import { SettingsMemo } from '../../src/settings-memo.ts'

const CHANGES: SessionSays = {
  timeout: 1,
  allowRedirects: false,
  maxRedirects: 1,
  proxies: null,
  verify: false,
  cert: null,
  stream: true,
  decompress: false,
  hooks: null,
  retries: 1,
  maxBytes: 1,
  credentials: 'omit',
  redirectSecrets: 'error',
  redirectBodies: 'error',
  raiseForStatus: true,
  compress: 'gzip',
  bufferUpload: 1,
  init: {},
  secretHeaders: ['x-mine'],
  strict: false,
}

test('whatever a session says anew is heard', () => {
  for (const name of Object.keys(mergeSettings({}, {}))) {
    // What a call alone can say, and what is derived.
    const derived = ['signal', 'onUploadProgress', 'onDownloadProgress', 'environmentProxies']
    if (derived.includes(name) || name === 'explicit') continue
    assert.ok(Object.hasOwn(CHANGES, name), `${name} is a setting of sessions: list it here`)
  }
  for (const [name, value] of Object.entries(CHANGES)) {
    const memo = new SettingsMemo()
    const says: SessionSays = {}
    memo.keep(mergeSettings({}, says), { options: {}, says, environment: undefined })
    assert.notEqual(memo.find({}, says, undefined), null)
    assert.equal(memo.find({}, { [name]: value }, undefined), null, name)
  }
})

/** Calls that say something, of which some are kept and others are not to be. */
const CALLS: readonly SendOptions[] = [
  {},
  { stream: true },
  { stream: false },
  { timeout: 5 },
  { timeout: null },
  { timeout: { read: 5 } },
  { timeout: { read: 6 } },
  { timeout: 5, stream: true },
  { stream: true, timeout: 5 },
  { maxBytes: undefined },
  { hooks: { response: () => undefined } },
  { signal: new AbortController().signal },
  { signal: new AbortController().signal },
  { signal: new AbortController().signal, stream: true },
  { signal: null },
  { init: { cache: 'no-store' } },
]

test('what a call says is what it gets, whatever the calls before it said', () => {
  const memo = new SettingsMemo()
  const says: SessionSays = { timeout: 7 }
  for (let first = 0; first < CALLS.length; first++) {
    for (let second = 0; second < CALLS.length; second++) {
      for (const options of [CALLS[first] ?? {}, CALLS[second] ?? {}, CALLS[first] ?? {}]) {
        const merged = mergeSettings(options, says)
        const found = memo.find(options, says, undefined)
        assert.deepEqual(found ?? merged, merged)
        assert.equal((found ?? merged).signal, options.signal ?? null)
        if (found === null) memo.keep(merged, { options, says, environment: undefined })
      }
    }
  }
})

test('what calls say in plain values is merged once', () => {
  const memo = new SettingsMemo()
  const says: SessionSays = {}
  const keep = (options: SendOptions): void =>
    void memo.keep(mergeSettings(options, says), { options, says, environment: undefined })
  const { signal } = new AbortController()
  for (const options of [{}, { stream: true }, { timeout: 5, maxRedirects: 0 }, { signal }]) {
    keep(options)
    assert.notEqual(memo.find(options, says, undefined), null)
  }
  const withContent = { stream: true, headers: { a: 'b' } }
  assert.notEqual(memo.find(withContent, says, undefined), null)
  assert.notEqual(memo.find({ signal: AbortSignal.abort() }, says, undefined), null)
  assert.equal(memo.find({ stream: true, timeout: 5 }, says, undefined), null)
  assert.equal(memo.find({ stream: true }, { stream: false }, undefined), null)
  // What may be changed in place is merged each time.
  const options = { timeout: { read: 5 } }
  keep(options)
  assert.equal(memo.find(options, says, undefined), null)
})

test('what is on a prototype says nothing', () => {
  const memo = new SettingsMemo()
  const says: SessionSays = {}
  const inherited: SendOptions = Object.create({ stream: true }) as SendOptions
  for (const options of [{}, { stream: true }, inherited]) {
    memo.keep(mergeSettings(options, says), { options, says, environment: undefined })
  }
  assert.equal(memo.find(inherited, says, undefined)?.stream ?? false, false)
})
