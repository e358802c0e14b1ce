// docs/benchmarks.md, from the results.
import { SCENARIOS } from './scenarios.mjs'

export function page({ small, start, memory, machine, rounds, ms }) {
  return `# Benchmarks

Written by \`npm run bench\`. A raw server in a process of its own answers with canned bytes; every
client runs in a process of its own too, and all of them are measured in turns, ${rounds} rounds of
${ms} ms. "× fetch" is the median of the ratios to the native fetch of the same runtime within a round,
"× dispatch" that to undici's bare dispatcher; CPU is the client's own, in microseconds per request;
"CPU × fetch" says how many times less that is than native fetch takes. "Raw socket" is no client: it
writes a canned request and looks for nothing but the end of the head, which is what Node's sockets and
the kernel take of every call.

The machine (${machine}) shares its cores with others: requests per second and their ratios vary
from run to run, by a tenth when it is quiet. CPU does so far less, so it is what the plot shows.

${IMAGE}

A ubiquest call does what a session does: URL, headers, cookie jar, time limits, redirects, checks of
the answer. The others are given their Cookie header ready-made.

${tables(small)}
## Cold start

Milliseconds over an empty script (over a worker that imports nothing), by the clock and of CPU, up to
the answer, not to the end of the process.

${table(start, [
  ['runtime', (row) => row.runtime],
  ['script', (row) => row.script],
  ['over an empty script', (row) => row.overEmpty],
  ['CPU', (row) => row.cpuOverEmpty],
])}
## Memory

By how much a process grows, the median of several: in MB (10^6 bytes), in which the limits are, and in
MiB. A session that is idle has headers and a cookie of its own; a stream has read the 16 KiB that were
sent and waits for more.

${table(memory, [
  ['runtime', (row) => row.runtime],
  ['what', (row) => row.what],
  ['MB', (row) => row.MB],
  ['limit', (row) => row.limit],
  ['MiB', (row) => row.MiB],
])}
What has made it fast is in [performance.md](performance.md).
`
}

const IMAGE = '![CPU of a small GET, relative to native fetch](benchmarks.svg)'

/** How many times less CPU than native fetch, in the same scenario; null without one. */
export function cpuRatio({ runtime, scenario, inFlight, cpu }, rows) {
  const native = rows.find(
    (row) =>
      row.client === 'fetch' &&
      row.runtime === runtime &&
      row.scenario === scenario &&
      row.inFlight === inFlight,
  )
  return native === undefined ? null : Math.round((native.cpu / cpu) * 100) / 100
}

function tables(rows) {
  const runtimes = [...new Set(rows.map(({ runtime }) => runtime))]
  return runtimes.map((runtime) => section(runtime, rows)).join('')
}

function section(runtime, rows) {
  const own = rows.filter((row) => row.runtime === runtime)
  const hasDispatch = own.some(({ ofDispatch }) => ofDispatch !== null)
  const columns = [
    ['client', ({ client }) => client],
    ['× fetch', ({ ratio }) => ratio ?? ''],
    ...(hasDispatch ? [['× dispatch', ({ ofDispatch }) => ofDispatch ?? '']] : []),
    ['requests/s', ({ rate }) => rate],
    ['CPU µs', ({ cpu }) => Math.round(cpu)],
    ['CPU × fetch', (row) => cpuRatio(row, rows) ?? ''],
    ['MiB', ({ MiB }) => MiB],
  ]
  const parts = SCENARIOS.flatMap(({ name, title }) =>
    [1, 50].map((inFlight) => {
      const shown = own.filter((row) => row.scenario === name && row.inFlight === inFlight)
      return shown.length === 0
        ? ''
        : `**${title}, ${inFlight} in flight**\n\n${table(shown, columns)}\n`
    }),
  )
  return `## ${runtime}\n\n${parts.join('')}`
}

function table(rows, columns) {
  const line = (cells) => `| ${cells.join(' | ')} |\n`
  const head = line(columns.map(([name]) => name))
  const rule = line(columns.map((_, at) => (at === 0 ? '---' : '---:')))
  return head + rule + rows.map((row) => line(columns.map(([, cell]) => cell(row)))).join('')
}
