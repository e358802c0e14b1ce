/** Step 5 of 6 on Node: undici, the npm package itself, so that users get its security fixes. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import type { AddressFamily, FoundAddress, UndiciHost } from '../undici/shims.ts'
import { UndiciTransport } from '../undici/transport.ts'
import { builtin } from './builtins.ts'
import { fileError } from './errors.ts'
import { loadUndici } from './load-undici.ts'
import { onRead } from './read-memory.ts'

const host: UndiciHost = {
  runtime: 'node',
  tellsCertificateFaults: true,
  onRead,
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

/** @throws RequestError with a code of its own. */
export async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await builtin('fs').promises.readFile(path)
  } catch (error) {
    throw fileError(error, path)
  }
}

export async function lookup(
  hostname: string,
  family: AddressFamily = 0,
): Promise<readonly FoundAddress[]> {
  return await builtin('dns').promises.lookup(hostname, { all: true, family })
}
