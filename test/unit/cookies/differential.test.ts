/**
 * Our jar against tough-cookie over generated exchanges, apart from the listed differences.
 * UBIQUEST_COOKIE_RUNS sets the number of exchanges, UBIQUEST_COOKIE_SEED repeats a run.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CookieJar as ToughJar } from 'tough-cookie'
import { loadPublicSuffixes } from '../../../adapters/public-suffixes.ts'
import { CookieJar } from '../../../src/cookies/jar.ts'
import type { SuffixLoader } from '../../../src/cookies/receiver.ts'
import { APART, REFUSED } from './differences.ts'
import { exchange, header } from './exchanges.ts'
import type { Exchange, Line } from './exchanges.ts'

/** Gives well over 100,000 Cookie headers, of about 700,000 pairs. */
const FULL = 70_000

test('our jar and tough-cookie agree, but where the RFC says otherwise', async () => {
  const suffix = await loadPublicSuffixes()
  const runs = Number(process.env['UBIQUEST_COOKIE_RUNS'] ?? FULL)
  const seed = process.env['UBIQUEST_COOKIE_SEED']
  const total = { pairs: 0, sent: 0, apart: 0 }
  fc.assert(
    fc.property(exchange, (each) => {
      if (APART.some(({ holds }) => holds(each))) {
        total.apart += 1
        return
      }
      const got = answers(each, () => suffix)
      assert.deepEqual(got.ours, got.tough)
      total.pairs += each.received.length * got.ours.length
      total.sent += got.ours.filter((answer) => answer !== '').length
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
  )
  console.log(
    `${String(total.pairs)} pairs of header and URL, ${String(total.sent)} Cookie headers; ` +
      `${String(total.apart)} exchanges not compared`,
  )
  // Those that carried cookies: of two jars that send nothing, nothing can be told.
  if (runs >= FULL) assert.ok(total.sent >= 100_000, 'too few pairs to mean anything')
})

test('every listed difference is one', async () => {
  const suffix = await loadPublicSuffixes()
  for (const { section, why, lines, to } of [...REFUSED, ...APART]) {
    const ours = new CookieJar({ publicSuffix: () => suffix })
    const tough = new ToughJar(undefined, { looseMode: true })
    for (const each of lines) {
      const [from = '', setCookie = ''] = each.split(' | ')
      void ours.setCookie(setCookie, new URL(from))
      tough.setCookieSync(setCookie, from, { ignoreError: true })
    }
    const theirs = tough.getCookieStringSync(to)
    assert.notEqual(ours.header(new URL(to)) ?? '', theirs, `${section}: ${why}`)
  }
})

/** The Cookie headers that both jars send after the same lines. */
function answers(each: Exchange, publicSuffix: SuffixLoader): { ours: string[]; tough: string[] } {
  const ours = new CookieJar({ publicSuffix })
  const tough = new ToughJar(undefined, { looseMode: true })
  for (const received of each.received) {
    assert.equal(ours.setCookie(header(received), new URL(received.url)), undefined)
    if (!REFUSED.some(({ holds }) => holds(received))) toughSet(tough, received)
  }
  const targets = each.sent.filter((target) => !target.startsWith('http://app.localhost'))
  return {
    ours: targets.map((target) => ours.header(new URL(target)) ?? ''),
    tough: targets.map((target) => tough.getCookieStringSync(target)),
  }
}

function toughSet(jar: ToughJar, received: Line): void {
  try {
    jar.setCookieSync(header(received), received.url, { ignoreError: true })
  } catch (error) {
    // Special-use domains throw whatever the options say; that is a refusal like others.
    assert.ok(error instanceof Error)
  }
}
