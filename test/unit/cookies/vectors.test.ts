/** The algorithms of RFC 6265bis against tables: dates, matching, and whole exchanges. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadPublicSuffixes } from '../../../adapters/public-suffixes.ts'
import { parseCookieDate } from '../../../src/cookies/cookie-date.ts'
import { domainMatch, matchingDomains } from '../../../src/cookies/host.ts'
import { CookieJar } from '../../../src/cookies/jar.ts'
import { defaultPath, pathMatch } from '../../../src/cookies/path.ts'
import dates from '../../vectors/cookies/dates.json' with { type: 'json' }
import matching from '../../vectors/cookies/matching.json' with { type: 'json' }
import storage from '../../vectors/cookies/storage.json' with { type: 'json' }

/** Rows of a JSON table, whose types the compiler widens to unions. */
type Row<T extends readonly unknown[]> = T

test('a cookie-date is read by the algorithm of §5.1.1, not by the engine', () => {
  for (const [text, iso] of dates.dates as Row<[string, string | null]>[]) {
    const time = parseCookieDate(text)
    assert.equal(time === null ? null : new Date(time).toISOString(), iso, text)
  }
})

test('domains, default paths and paths match as §5.1.3 and §5.1.4 say', () => {
  for (const [host, domain, expected] of matching.domainMatch as Row<[string, string, boolean]>[]) {
    assert.equal(domainMatch(host, domain), expected, `${host} ~ ${domain}`)
  }
  for (const [path, expected] of matching.defaultPath as Row<[string, string]>[]) {
    assert.equal(defaultPath(path), expected, path)
  }
  for (const [request, path, expected] of matching.pathMatch as Row<[string, string, boolean]>[]) {
    assert.equal(pathMatch(request, path), expected, `${request} ~ ${path}`)
  }
})

test('the domains looked at for a host end before its top-level label', () => {
  assert.deepEqual(matchingDomains('a.b.example.com'), [
    'a.b.example.com',
    'b.example.com',
    'example.com',
  ])
  assert.deepEqual(matchingDomains('localhost'), ['localhost'])
  assert.deepEqual(matchingDomains('127.0.0.1'), ['127.0.0.1'])
  assert.deepEqual(matchingDomains('[::1]'), ['[::1]'])
})

describe('what is received and sent', () => {
  for (const example of storage.cases) {
    test(`${example.name} (${example.section})`, async () => {
      const jar = tickingJar()
      for (const [url = '', line = ''] of example.received) await jar.setCookie(line, new URL(url))
      for (const [url, expected] of example.sent as Row<[string, string | null]>[]) {
        assert.equal(jar.header(new URL(url)), expected, url)
      }
      // What goes out is what is kept: the same answers after a round trip through JSON.
      const copy = CookieJar.fromJSON(JSON.stringify(jar), { now: () => START })
      for (const [url, expected] of example.sent as Row<[string, string | null]>[]) {
        assert.equal(copy.header(new URL(url)), expected, `${url} after a round trip`)
      }
    })
  }
})

const START = Date.UTC(2026, 0, 1)

/** Each look at the clock is a millisecond later than the one before. */
function tickingJar(): CookieJar {
  let now = START
  return new CookieJar({ publicSuffix: loadPublicSuffixes, now: () => now++ })
}
