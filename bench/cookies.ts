/**
 * The jar's speed beside tough-cookie's, on the same data: many domains must not slow a request
 * down. Prints nanoseconds per call, and says whether the goals hold.
 */
import { CookieJar as ToughJar } from 'tough-cookie'
import { loadPublicSuffixes } from '../adapters/public-suffixes.ts'
import { CookieJar } from '../src/cookies/jar.ts'

const SMALL = { domains: 10, cookies: 100 }
const LARGE = { domains: 1000, cookies: 10_000 }
const SAMPLES = 20
const CALLS = 10_000

const suffix = await loadPublicSuffixes()
const small = measure(SMALL)
const large = measure(LARGE)
print('header', small.header, large.header)
print('setCookie', small.set, large.set)
report(
  'header with 10,000 cookies within twice that with 100',
  large.header.ours / small.header.ours,
  2,
)
report('header within 1/5 of tough-cookie', large.header.ours / large.header.tough, 0.2)
report(
  'setCookie with 10,000 cookies within twice that with 100',
  large.set.ours / small.set.ours,
  2,
)
report('setCookie within 1/5 of tough-cookie', large.set.ours / large.set.tough, 0.2)

interface Pair {
  readonly ours: number
  readonly tough: number
}

function measure(size: { domains: number; cookies: number }): { header: Pair; set: Pair } {
  const urls = Array.from(
    { length: size.domains },
    (_, index) => new URL(`https://www.site${String(index)}.example.com/account/settings?x=1`),
  )
  const lines = Array.from({ length: size.cookies }, (_, index) => lineOf(index, size))
  const limits = { perDomain: 1000, total: 100_000 }
  const ours = new CookieJar({ publicSuffix: () => suffix, limits })
  const tough = new ToughJar()
  const setOurs = (index: number): void => {
    const { line, url } = at(lines, index)
    void ours.setCookie(line, url)
  }
  const setTough = (index: number): void => {
    const { line, url } = at(lines, index)
    tough.setCookieSync(line, url)
  }
  for (let index = 0; index < size.cookies; index += 1) {
    setOurs(index)
    setTough(index)
  }
  // A small share of the domains takes all the requests, as in life.
  const hot = urls.slice(0, 10)
  const set = { ours: timePerCall(setOurs), tough: timePerCall(setTough) }
  const header = {
    ours: timePerCall((index) => ours.header(at(hot, index))),
    tough: timePerCall((index) => tough.getCookieStringSync(at(hot, index))),
  }
  return { header, set }
}

function lineOf(index: number, size: { domains: number }): { line: string; url: URL } {
  const number = String(index % size.domains)
  const name = `name${String(Math.floor(index / size.domains))}`
  const scope = index % 2 === 0 ? `; Domain=site${number}.example.com` : ''
  const life = index % 3 === 0 ? '; Expires=Wed, 09 Jun 2077 10:18:14 GMT' : '; Max-Age=3600'
  return {
    line: `${name}=0123456789abcdef; Path=/; Secure; HttpOnly; SameSite=Lax${scope}${life}`,
    url: new URL(`https://www.site${number}.example.com/`),
  }
}

/** Nanoseconds, the best of several samples: what else the machine does only ever adds. */
function timePerCall(call: (index: number) => unknown): number {
  let best = Infinity
  let index = 0
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const start = performance.now()
    for (let turn = 0; turn < CALLS; turn += 1) call(index++)
    best = Math.min(best, ((performance.now() - start) * 1e6) / CALLS)
  }
  return best
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length]
  if (item === undefined) throw new RangeError('An empty list has no items.')
  return item
}

function print(what: string, few: Pair, many: Pair): void {
  for (const [size, pair] of [
    ['100 cookies', few],
    ['10,000 cookies', many],
  ] as const) {
    const [ours, tough] = [pair.ours, pair.tough].map((time) => `${time.toFixed(0).padStart(7)} ns`)
    console.log(
      `${what.padEnd(10)} ${size.padEnd(15)} ubiquest ${ours ?? ''}  tough-cookie ${tough ?? ''}`,
    )
  }
}

function report(goal: string, ratio: number, limit: number): void {
  const held = ratio <= limit
  console.log(
    `${held ? 'holds' : 'FAILS'}  ${goal}: ${ratio.toFixed(2)} (at most ${String(limit)})`,
  )
  if (!held) process.exitCode = 1
}
