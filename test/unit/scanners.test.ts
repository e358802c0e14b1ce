/**
 * Guarantee 23, the other half: what scans a text by hand takes linear time too. A megabyte of the
 * characters it stops at takes milliseconds; with quadratic time it would take hours.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChallenges, parseParameters } from '../../src/auth/challenge.ts'
import { parseCookieDate } from '../../src/cookies/cookie-date.ts'
import { CookieJar } from '../../src/cookies/jar.ts'
import { dispositionFileName } from '../../src/decode/content-disposition.ts'
import { safeFileName } from '../../src/decode/file-name.ts'
import { parseLinks } from '../../src/decode/links.ts'
import { parseCodings } from '../../src/decode/codings.ts'
import { Headers } from '../../src/headers.ts'
import { findNetrc } from '../../src/netrc.ts'
import { proxyRules } from '../../src/proxies.ts'
import { redirectRules } from '../../src/redirect.ts'
import { parseRetryAfter } from '../../src/retry-rules.ts'

const MEGABYTE = 1_000_000
const LIMIT_MS = 5000
const PIECES = [
  ...[' ', '\t', 'a', '0', ';', ',', '=', '"', '\\', '<', '>', '/', '.', ':', '%', '?', '\u00e9'],
  ...[
    'a=',
    'a;',
    '; ',
    ', ',
    ' ,',
    '<a>;',
    'a="',
    '\\"',
    '="\\',
    '%41',
    '..',
    '//',
    'a,b=c ',
    '[::',
  ],
  ...['Digest a=', 'machine ', 'filename=', "filename*=utf-8''", 'Basic,', '01:02:03 ', '"a", '],
]
const FROM = new URL('http://shop.test/')

const SCANNERS: Readonly<Record<string, (text: string) => unknown>> = {
  parseChallenges: (text) => parseChallenges([text]),
  parseParameters,
  parseCookieDate,
  setCookie: (text) => new CookieJar().setCookie(`a=${text}; Expires=${text}; Path=${text}`, FROM),
  dispositionFileName: (text) => dispositionFileName(`attachment; ${text}`),
  safeFileName,
  parseLinks: (text) => parseLinks(text, FROM.href),
  parseCodings,
  'a header value': (text) => new Headers().set('X-A', text),
  findNetrc: (text) => findNetrc(text, 'shop.test'),
  NO_PROXY: (text) => proxyRules.resolve(FROM, { http: 'http://proxy.test', no_proxy: text }),
  'a Location': (text) => redirectRules.target(302, text, FROM),
  parseRetryAfter: (text) => parseRetryAfter(text, 0),
}

for (const [name, scan] of Object.entries(SCANNERS)) {
  test(`${name} takes linear time`, () => {
    for (const piece of PIECES) {
      const text = piece.repeat(MEGABYTE / piece.length)
      const started = performance.now()
      try {
        scan(text)
      } catch (error) {
        assert.equal((error as { code?: unknown }).code !== undefined, true, String(error))
      }
      const took = performance.now() - started
      assert.ok(took < LIMIT_MS, `${JSON.stringify(piece)} took ${took.toFixed(0)} milliseconds`)
    }
  })
}
