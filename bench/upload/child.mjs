// One upload in one runtime: prints its milliseconds and how far the peak of its memory grew (MiB).
import { createReadStream, openAsBlob, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { Readable } from 'node:stream'

const [way, url, path, size] = process.argv.slice(2)
const runtime = globalThis.Deno ? 'deno' : globalThis.Bun ? 'bun' : 'node'
const CHUNK = 64 * 1024

const WAYS = {
  async 'ubiquest multipart'() {
    const { file, post } = await ubiquest()
    return (source) => post(url, { files: { file: file(source) } })
  },
  async 'fetch multipart'() {
    return async (source) => {
      const form = new FormData()
      form.append('file', runtime === 'bun' ? Bun.file(source) : await openAsBlob(source), 'file')
      await (await fetch(url, { method: 'POST', body: form })).text()
    }
  },
  async 'axios multipart'() {
    const { default: axios } = await import('axios')
    return async (source) => {
      const form = new FormData()
      form.append('file', await openAsBlob(source), 'file')
      await axios.post(url, form, { maxBodyLength: Infinity, maxRedirects: 0 })
    }
  },
  async 'got multipart'() {
    const { default: got } = await import('got')
    return async (source) => {
      const body = new FormData()
      body.append('file', await openAsBlob(source), 'file')
      await got.post(url, { body })
    }
  },
  async 'ubiquest chunked'() {
    const { post } = await ubiquest()
    return (_source, bytes) => post(url, { data: generate(bytes) })
  },
  async 'fetch chunked'() {
    return async (_source, bytes) => {
      const body = runtime === 'node' ? generate(bytes) : streamOf(generate(bytes))
      await (await fetch(url, { method: 'POST', body, duplex: 'half' })).text()
    }
  },
  async 'axios chunked'() {
    const { default: axios } = await import('axios')
    return (_source, bytes) =>
      axios.post(url, Readable.from(generate(bytes), { objectMode: false }), {
        maxBodyLength: Infinity,
        maxRedirects: 0,
      })
  },
  async 'got chunked'() {
    const { default: got } = await import('got')
    return (_source, bytes) =>
      got.post(url, { body: Readable.from(generate(bytes), { objectMode: false }) })
  },
  async 'ubiquest stream'() {
    const { post } = await ubiquest()
    return (source) => post(url, { data: createReadStream(source) })
  },
  async 'fetch stream'() {
    return async (source) => {
      const init = { method: 'POST', body: createReadStream(source), duplex: 'half' }
      await (await fetch(url, init)).text()
    }
  },
  async 'ubiquest web stream'() {
    const { post } = await ubiquest()
    return (_source, bytes) => post(url, { data: streamOf(generate(bytes)) })
  },
  async 'fetch web stream'() {
    return async (_source, bytes) => {
      const init = { method: 'POST', body: streamOf(generate(bytes)), duplex: 'half' }
      await (await fetch(url, init)).text()
    }
  },
}

function ubiquest() {
  return import(`../../dist/${runtime}/index.js`)
}

async function* generate(bytes) {
  const chunk = new Uint8Array(CHUNK).fill(7)
  for (let sent = 0; sent < bytes; sent += CHUNK) yield chunk
}

/** Deno and Bun take no generator, or copy it as a whole. */
function streamOf(generator) {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await generator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}

/** Kilobytes; the peak since `resetPeak`, by the kernel's own count. */
function memory(field) {
  const line = readFileSync('/proc/self/status', 'utf8').split('\n')
  return Number(/\d+/.exec(line.find((each) => each.startsWith(field)))[0])
}

function resetPeak() {
  writeFileSync('/proc/self/clear_refs', '5')
}

/** Waits for V8's compilers, above all of undici's parser: they take 100 ms of CPU and 30 MiB once,
 *  behind the back of the first request. */
async function calm() {
  for (let idle = 0; idle < 3;) {
    const before = process.cpuUsage()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const { user, system } = process.cpuUsage(before)
    idle = user + system < 2500 ? idle + 1 : 0
  }
}

const upload = await WAYS[way]()
// What loading and compiling cost is measured elsewhere: 16 MiB have warmed the code.
await upload(`${path}.small`, 256 * CHUNK)
await calm()
resetPeak()
const before = memory('VmRSS')
const cpu = process.cpuUsage()
const started = performance.now()
await upload(path, Number(size))
const ms = performance.now() - started
const { user, system } = process.cpuUsage(cpu)
const growth = (memory('VmHWM') - before) / 1024
console.log(JSON.stringify({ ms, growth, cpu: (user + system) / 1000 }))
process.exit()
