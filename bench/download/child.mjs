// One download in one runtime: prints its milliseconds and how far the memory grew (MiB).
import { createWriteStream } from 'node:fs'
import process from 'node:process'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

const [way, url, path] = process.argv.slice(2)
const runtime = globalThis.Deno ? 'deno' : globalThis.Bun ? 'bun' : 'node'

const WAYS = {
  async ubiquest() {
    const { get } = await import(`../../dist/${runtime}/index.js`)
    return async (target) => (await get(target, { stream: true })).save(path)
  },
  async 'ubiquest-read'() {
    const { get } = await import(`../../dist/${runtime}/index.js`)
    return async (target) => {
      for await (const chunk of await get(target, { stream: true })) void chunk
    }
  },
  async 'ubiquest-gzip'() {
    const { get } = await import(`../../dist/${runtime}/index.js`)
    return async (target) => {
      for await (const chunk of await get(target, { stream: true })) void chunk
    }
  },
  /** As fast as this runtime's own means go. */
  async fetch() {
    return async (target) => {
      const response = await fetch(target)
      if (runtime === 'deno') {
        const file = await Deno.open(path, { write: true, create: true, truncate: true })
        await response.body.pipeTo(file.writable)
      } else if (runtime === 'bun') await Bun.write(path, response)
      else await pipeline(Readable.fromWeb(response.body), createWriteStream(path))
    }
  },
  async 'zlib-gzip'() {
    const { request } = await import('node:http')
    return (target) =>
      new Promise((resolve, reject) => {
        request(target, (message) => {
          const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
          const coded = message.headers['content-encoding'] === 'gzip'
          const steps = coded ? [createGunzip({ chunkSize: 65536 })] : []
          pipeline(message, ...steps, sink).then(resolve, reject)
        }).end()
      })
  },
}

const download = await WAYS[way]()
// What loading costs is measured elsewhere: here it is what a body costs.
await download(`${new URL(url).origin}/small`)
const before = process.memoryUsage().rss
let most = before
const sampler = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10)
const cpuBefore = process.cpuUsage()
const started = performance.now()
await download(url)
const ms = performance.now() - started
const { user, system } = process.cpuUsage(cpuBefore)
clearInterval(sampler)
most = Math.max(most, process.memoryUsage().rss)
console.log(JSON.stringify({ ms, cpu: (user + system) / 1000, growth: (most - before) / 1048576 }))
process.exit()
