/** Settings are kept only for as long as the session says the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeSettings } from '../../src/settings.ts'
import type { SessionSays } from '../../src/settings.ts'
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
