/**
 * The host of the ponyfill target: a context with nothing but what an old engine has, in which the
 * cases run. The ponyfill for streams runs inside it as well; that for fetch needs sockets and runs
 * outside, in the host's realm.
 */
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createContext, SourceTextModule } from 'node:vm'
import type { Context as Realm } from 'node:vm'
import type { Call } from '../harness/recorder.ts'
import type { run as runInside } from './ponyfill.ts'
import { describeError, encodeMessage } from './protocol.ts'
import type { Report } from './protocol.ts'

const require = createRequire(import.meta.url)

const report: Report = (message) => {
  console.log(encodeMessage(message))
}

for (const event of ['unhandledRejection', 'uncaughtException'])
  process.on(event, (error: unknown) => {
    report({ kind: 'fault', error: describeError(error) })
  })

const [settings = '', bundle = ''] = process.argv.slice(2)
const cases = await load(bundle, createContext(engineGlobals()))
// What the bundle of `ponyfill.ts` exports.
const { run } = cases.namespace as { run: typeof runInside }
await run(settings, callWithNode, report)
report({ kind: 'end' })

/** What engines without fetch bring along, or what their users load to have URL and the rest. */
function engineGlobals(): Record<string, unknown> {
  const { TextEncoder, TextDecoder, URL, URLSearchParams, AbortController, AbortSignal } =
    globalThis
  const { setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, console } =
    globalThis
  const { atob, btoa } = globalThis
  return {
    ...{ TextEncoder, TextDecoder, URL, URLSearchParams, AbortController, AbortSignal },
    ...{ setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, console },
    ...{ atob, btoa, crypto: { getRandomValues } },
    ...sharedIntrinsics(),
  }
}

/** As `react-native-get-random-values` does; the rest of WebCrypto is not there. */
function getRandomValues(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  return globalThis.crypto.getRandomValues(bytes)
}

/** A real engine has one realm: bytes and errors of the host's TextEncoder and sockets are its own. */
function sharedIntrinsics(): Record<string, unknown> {
  const { ArrayBuffer, DataView, Uint8Array, Int8Array, Uint8ClampedArray, Float64Array } =
    globalThis
  const { Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array } = globalThis
  const { Error, TypeError, RangeError, SyntaxError, EvalError, URIError } = globalThis
  return {
    ...{ ArrayBuffer, DataView, Uint8Array, Int8Array, Uint8ClampedArray, Float64Array },
    ...{ Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array },
    ...{ Error, TypeError, RangeError, SyntaxError, EvalError, URIError },
  }
}

async function load(path: string, realm: Realm): Promise<SourceTextModule> {
  const loaded = new SourceTextModule(await readFile(path, 'utf8'), {
    context: realm,
    identifier: pathToFileURL(path).href,
    importModuleDynamically: async (specifier) => await importPonyfill(specifier, realm),
  })
  await loaded.link((specifier) => {
    throw new Error(`${path} imports "${specifier}", which no bundle for an old engine can`)
  })
  await loaded.evaluate()
  return loaded
}

async function importPonyfill(specifier: string, realm: Realm): Promise<SourceTextModule> {
  // Both lie where the installed library finds them: this file is bundled into the same project.
  if (specifier === 'web-streams-polyfill') {
    const folder = dirname(require.resolve('web-streams-polyfill/package.json'))
    return await load(join(folder, 'dist/ponyfill.mjs'), realm)
  }
  // Node accepts a namespace of its own as well; the types know modules only.
  if (specifier === 'cross-fetch')
    return (await import(require.resolve(specifier))) as SourceTextModule
  throw new Error(`"${specifier}" is not bundled and no ponyfill`)
}

/** The control listener, by sockets: there is no fetch in that context. */
async function callWithNode(...[url, { method, body }]: Parameters<Call>): Promise<string> {
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent: false }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (incoming.statusCode === 200) resolve(text)
        else reject(new Error(`${url} answered ${String(incoming.statusCode)}: ${text}`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body ?? '')
  })
}
