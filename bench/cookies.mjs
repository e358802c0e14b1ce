// The jar beside tough-cookie, on the same data: `node bench/run.mjs cookies`. Many cookies must not
// slow a request down. Prints nanoseconds per call and says whether the goals hold.
// `--samples` (40) · `--calls` per sample (5000) · `--json` a file
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { CookieJar as ToughJar } from 'tough-cookie'
import { CookieJar } from '../dist/node/index.js'

const SMALL = { domains: 10, cookies: 100 }
const LARGE = { domains: 1000, cookies: 10_000 }
const MEASURED = ['header', 'setCookie', 'new dates']
const MONTH_MS = 30 * 24 * 60 * 60 * 1000

export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      samples: { type: 'string', default: '40' },
      calls: { type: 'string', default: '5000' },
      json: { type: 'string' },
    },
  })
  const effort = { samples: Number(values.samples), calls: Number(values.calls) }
  const small = await measure(SMALL, effort)
  const large = await measure(LARGE, effort)
  for (const what of MEASURED) {
    print(what, '100 cookies', small[what])
    print(what, '10,000 cookies', large[what])
  }
  // Dates that are all new are shown for comparison: reading them has no goal of its own.
  const goals = ['header', 'setCookie'].flatMap((what) => [
    [`${what}: 10,000 cookies beside 100`, large[what].ours / small[what].ours, 2],
    [`${what}: beside tough-cookie, 100 cookies`, small[what].ours / small[what].tough, 0.2],
    [`${what}: beside tough-cookie, 10,000 cookies`, large[what].ours / large[what].tough, 0.2],
  ])
  for (const [goal, ratio, limit] of goals) {
    const held = ratio <= limit
    console.log(`${held ? 'holds' : 'FAILS'}  ${goal}: ${ratio.toFixed(2)} (at most ${limit})`)
    if (!held) process.exitCode = 1
  }
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ small, large }))
}

async function measure(size, effort) {
  const urls = Array.from(
    { length: size.domains },
    (_, index) => new URL(`https://www.site${index}.example.com/account/settings?x=1`),
  )
  const lines = Array.from({ length: size.cookies }, (_, index) => lineOf(index, size))
  const ours = new CookieJar({ limits: { perDomain: 1000, total: 100_000 } })
  const tough = new ToughJar()
  for (const { line, url } of lines) {
    await ours.setCookie(line, url)
    tough.setCookieSync(line, url)
  }
  // A small share of the domains takes all the requests, as in life.
  const hot = urls.slice(0, 10)
  // Servers count from now, so that no date has come before: a line of its own for each call.
  const fresh = []
  const start = Date.now() + MONTH_MS
  return {
    header: timeBoth(effort, {
      ours: (index) => use(ours.header(hot[index % hot.length])),
      tough: (index) => use(tough.getCookieStringSync(hot[index % hot.length])),
    }),
    setCookie: timeBoth(effort, setters({ ours, tough }, lines)),
    'new dates': timeBoth(effort, setters({ ours, tough }, fresh), (from) => {
      for (let index = from; index < from + effort.calls; index += 1) {
        const expires = new Date(start + index * 1000).toUTCString()
        const { url } = lines[index % lines.length]
        const { line } = lineOf(index % lines.length, size, expires)
        // As it comes from a socket, in one piece.
        fresh[index - from] = { line: Buffer.from(line).toString('latin1'), url }
      }
    }),
  }
}

/** A text that was only noted to be one of several is put together, as it has to be sent. */
function use(header) {
  characters = (characters + header.charCodeAt(header.length - 1)) % 1000
}

let characters = 0

function setters({ ours, tough }, lines) {
  return {
    ours: (index) => {
      const { line, url } = lines[index % lines.length]
      ours.setCookie(line, url)
    },
    tough: (index) => {
      const { line, url } = lines[index % lines.length]
      tough.setCookieSync(line, url)
    },
  }
}

/** As servers send them: half of them with Domain, a third with Expires, or all with a date given. */
function lineOf(index, { domains }, expires = null) {
  const number = index % domains
  const name = `name${Math.floor(index / domains)}`
  const scope = index % 2 === 0 ? `; Domain=site${number}.example.com` : ''
  const often = index % 3 === 0 ? '; Expires=Wed, 09 Jun 2077 10:18:14 GMT' : '; Max-Age=3600'
  const life = expires === null ? often : `; Expires=${expires}`
  return {
    line: `${name}=0123456789abcdef; Path=/; Secure; HttpOnly; SameSite=Lax${scope}${life}`,
    url: new URL(`https://www.site${number}.example.com/`),
  }
}

/** Nanoseconds per call, in turns; the best sample, as what else the machine does only ever adds. */
function timeBoth({ samples, calls }, both, prepare = () => {}) {
  const best = { ours: Infinity, tough: Infinity }
  const next = { ours: 0, tough: 0 }
  for (let sample = 0; sample < samples; sample += 1) {
    prepare(sample * calls)
    for (const [who, call] of Object.entries(both)) {
      const start = performance.now()
      for (let turn = 0; turn < calls; turn += 1) call(next[who]++)
      best[who] = Math.min(best[who], ((performance.now() - start) * 1e6) / calls)
    }
  }
  return best
}

function print(what, size, { ours, tough }) {
  const [mine, theirs] = [ours, tough].map((time) => `${time.toFixed(0).padStart(7)} ns`)
  console.log(
    `${what.padEnd(10)} ${size.padEnd(15)} ubiquest ${mine}  tough-cookie ${theirs}  ${(ours / tough).toFixed(2)}`,
  )
}
