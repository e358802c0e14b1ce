/** What a case is given, made anew for each case; what it opened is closed after it. */
import { sha256 } from '@noble/hashes/sha2.js'
import { Skipped } from '../harness/case.ts'
import type { Context, Servers, Session, Temp, Ubiquest } from '../harness/case.ts'
import { createControl, createRecorder } from '../harness/recorder.ts'
import type { Call } from '../harness/recorder.ts'

/** The surroundings of the cases in one runtime. */
export interface Driver {
  readonly requests: Ubiquest
  readonly target: string
  readonly servers: Servers
  /** One plain HTTP exchange by the runtime's own means, not by the library under test. */
  readonly call: Call
  /** Makes a folder for one case; null on runtimes without paths. */
  readonly openTemp: (() => Promise<OpenTemp>) | null
}
export interface OpenTemp {
  readonly temp: Temp
  remove(): Promise<void>
}

export interface OpenContext {
  readonly context: Context
  close(): Promise<void>
}

export async function openContext(driver: Driver): Promise<OpenContext> {
  const { requests, target, servers, call } = driver
  const sessions: Session[] = []
  const folder = driver.openTemp === null ? null : await driver.openTemp()
  const control = createControl(servers, call)
  const context: Context = {
    requests,
    capabilities: requests.capabilities,
    runtime: requests.runtime,
    target,
    servers,
    temp: folder?.temp ?? null,
    control,
    recorder: createRecorder(control),
    hash,
    skip: (capability) => {
      throw new Skipped(capability)
    },
    session: (defaults) => {
      const session = new requests.Session(defaults)
      sessions.push(session)
      return session
    },
  }
  return { context, close: async () => await closeAll(sessions, folder) }
}

/** With the fetch of the runtime, where there is one. */
export const callWithFetch: Call = async (url, { method, body }) => {
  const response = await fetch(url, { method, body })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}: ${text}`)
  return text
}

/** WebCrypto is missing in the ponyfill's context. */
async function hash(bytes: Uint8Array): Promise<string> {
  // The types of the DOM say that it is always there.
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle
  // A BufferSource may not be shared memory, which no case uses.
  const input = bytes as Uint8Array<ArrayBuffer>
  const digest = subtle ? new Uint8Array(await subtle.digest('SHA-256', input)) : sha256(bytes)
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function closeAll(sessions: readonly Session[], folder: OpenTemp | null): Promise<void> {
  const outcomes = await Promise.allSettled(sessions.map(async (each) => await each.close()))
  await folder?.remove()
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
