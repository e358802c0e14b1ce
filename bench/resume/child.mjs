// One download in a process of its own: `child.mjs url path segments`, or `save` for response.save().
// With the URL of a small file besides, that one is downloaded first, as in a program that has been
// running for a while, and `took` and `cpu` (milliseconds) tell of the other alone.
import { rm } from 'node:fs/promises'
import { download, get } from '../../dist/node/index.js'

const [url, path, how, small] = process.argv.slice(2)
if (small !== undefined) {
  await fetchTo(small, `${path}.small`)
  await rm(`${path}.small`)
}
const [started, before] = [performance.now(), process.cpuUsage()]
const result = await fetchTo(url, path)
const took = performance.now() - started
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ ...result, took, cpu: (user + system) / 1000 }))

async function fetchTo(from, to) {
  if (how !== 'save') return download(from, to, { segments: Number(how) })
  const headers = { 'Accept-Encoding': 'identity' }
  await (await get(from, { stream: true, headers })).save(to)
}
