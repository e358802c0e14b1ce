// One client in a process of its own: it runs on Node, Deno and Bun alike. Each line of its input
// `{scenario, inFlight, ms}` is one measurement, answered by one line.
import process from 'node:process'
import { createInterface } from 'node:readline'
import { CLIENTS } from './clients.mjs'
import { measure } from './measure.mjs'
import { cookieHeader, SCENARIOS } from './scenarios.mjs'

const [name, base, runtime] = process.argv.slice(2)
const clients = new Map()

async function clientFor(login) {
  if (!clients.has(login)) {
    const cookie = cookieHeader(login)
    clients.set(login, await CLIENTS[name]({ base, login, cookie, runtime }))
  }
  return clients.get(login)
}

async function run({ scenario, inFlight, ms }) {
  const { call, path, login } = SCENARIOS.find((each) => each.name === scenario)
  const client = await clientFor(login)
  if (client[call] === undefined || client.lacks?.includes(scenario)) return null
  const cpu = process.cpuUsage()
  const figures = await measure(() => client[call](path), inFlight, ms)
  const { user, system } = process.cpuUsage(cpu)
  const rss = process.memoryUsage().rss
  return { ...figures, cpu: (user + system) / figures.requests, rss }
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify(await run(JSON.parse(line))))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.stack ?? error) }))
  }
}
process.exit()
