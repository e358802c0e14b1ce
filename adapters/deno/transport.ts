/**
 * Step 5 of 6 on Deno: the same dispatcher as on Node, over Deno's `node:net` and `node:tls`. Deno's
 * own fetch repeats a POST on a dead connection, drops Content-Length and decodes always.
 */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { onRead } from '../node/read-memory.ts'
import { lookup, readFile } from '../node/transport.ts'
import type { Undici, UndiciHost } from '../undici/shims.ts'
import { UndiciTransport } from '../undici/transport.ts'

const host: UndiciHost = {
  runtime: 'deno',
  tellsCertificateFaults: false,
  get onRead() {
    return readsWhereTold() ? onRead : null
  },
  load: loadUndici,
  readFile,
  lookup,
}

let shared: Transport | null = null

/** One per process: it holds sockets and nothing else. */
export function sharedTransport(): Transport {
  shared ??= openTransport({})
  return shared
}

export function openTransport(settings: TransportSettings): Transport {
  return new UndiciTransport(host, settings)
}

/** The bundle beside this file, which needs `--allow-net` alone; run from sources, that of the last
 *  build (`--allow-read` besides), and without one the package, which asks for `--allow-env`. */
async function loadUndici(): Promise<Undici> {
  const { Client, buildConnector } = await import('./undici.js').catch(loadBuilt).catch(loadPackage)
  return { Client, buildConnector }
}

function loadBuilt(): Promise<Undici> {
  const entry = new URL('../../dist/adapters/deno/undici.js', import.meta.url).href
  return import(entry) as Promise<Undici>
}

function loadPackage(): Promise<Undici> {
  // Not a literal: Deno would fetch the package before the program starts, bundle or no bundle.
  const entry: string = 'npm:undici@~7.30.2'
  return import(entry) as Promise<Undici>
}

/** Sockets of `node:net` read into memory of ours in Deno 2.9; earlier ones may throw instead. */
function readsWhereTold(): boolean {
  // This file is loaded by Deno alone.
  const { version } = Reflect.get(globalThis, 'Deno') as { version: { deno: string } }
  const [major = 0, minor = 0] = version.deno.split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 9)
}
