/** Keeps the record of a download up to date: bytes first, then the record that claims them. */
import type { PartStore } from '../download-port.ts'
import type { Clock } from '../ports.ts'
import { crc32 } from './crc32.ts'
import type { Claim, Spans } from './ranges.ts'
import type { Resource } from './range-rules.ts'
import { decodeState, encodeState } from './state.ts'
import type { DownloadState } from './state.ts'

/** What the record says about what was asked for. */
export interface Subject {
  readonly identity: string
  readonly url: string
}

/** More than a record has, in whole pages and blocks of any file system. */
const ROOM_BYTES = 256 * 1024

export class DownloadRecord {
  readonly #store: PartStore
  readonly #subject: Subject
  readonly #clock: Clock
  #saving: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null
  #due: number

  constructor(store: PartStore, subject: Subject, clock: Clock) {
    this.#store = store
    this.#subject = subject
    this.#clock = clock
    this.#due = clock.now() + store.checkpointMs
  }

  /** Saves when it is time to, while the download goes on. @throws what the last saving threw */
  tick(spans: Spans, resource: Resource): void {
    if (this.#failure !== null) throw this.#failure.error
    if (this.#saving !== null || this.#clock.now() < this.#due) return
    this.#saving = this.#save(spans, resource)
      .catch((error: unknown) => {
        this.#failure = { error }
      })
      .finally(() => {
        this.#saving = null
        this.#due = this.#clock.now() + this.#store.checkpointMs
      })
  }

  /** Saves now. */
  async settle(spans: Spans, resource: Resource): Promise<void> {
    await this.#saving
    await this.#save(spans, resource)
  }

  /**
   * After the store has failed: records what was written before, and makes room for that, since a
   * disk that is full takes no record either.
   */
  async salvage(spans: Spans, resource: Resource): Promise<void> {
    await this.#saving
    const written = spans.written()
    const last = written.pop()
    if (last !== undefined && last[1] - ROOM_BYTES > last[0]) {
      written.push([last[0], last[1] - ROOM_BYTES])
    }
    const claims: Claim[] = []
    for (const [start, end] of written) {
      const { at, crc } = await sumOf(this.#store, start, end)
      if (at === end) claims.push([start, end, crc])
    }
    await this.#store.trim(claims.map(([start, end]) => [start, end]))
    await this.#store.saveState(encodeState({ ...this.#subject, resource, claims }))
  }

  /** Waits for a saving that is under way. */
  async idle(): Promise<void> {
    await this.#saving
    if (this.#failure !== null) throw this.#failure.error
  }

  /** A saving that failed concerned bytes that are forgotten now. */
  forget(): void {
    this.#failure = null
  }

  async #save(spans: Spans, resource: Resource): Promise<void> {
    // Taken before the flush: what comes during it is not claimed.
    const claims = spans.claims()
    await Promise.all(spans.writers.map((writer) => writer.flush()))
    await this.#store.saveState(encodeState({ ...this.#subject, resource, claims }))
  }
}

/** The record of an earlier call. One that is damaged, or of something else, is set aside. */
export async function loadRecord(
  store: PartStore,
  subject: Subject,
): Promise<DownloadState | null> {
  const text = await store.loadState()
  if (text === null) return null
  const state = decodeState(text)
  if (state?.identity === subject.identity) return state
  await store.setAside()
  return null
}

/**
 * The claims whose bytes are really there, unchanged. `see` is shown them all, in order: hashing
 * them for a checksum takes no second reading.
 */
export async function verifyClaims(
  store: PartStore,
  claims: readonly Claim[],
  see: (offset: number, bytes: Uint8Array) => void,
): Promise<Claim[]> {
  const good: Claim[] = []
  for (const [start, end, expected] of claims) {
    const { at, crc } = await sumOf(store, start, end, see)
    if (at === end && crc === expected) good.push([start, end, expected])
  }
  return good
}

/** The CRC-32 of what there is of these bytes, and where it ends. */
async function sumOf(
  store: PartStore,
  start: number,
  end: number,
  see: (offset: number, bytes: Uint8Array) => void = () => undefined,
): Promise<{ readonly at: number; readonly crc: number }> {
  const sum = store.crc32 ?? crc32
  let [at, crc] = [start, 0]
  for await (const bytes of store.read(start, end)) {
    crc = sum(bytes, crc)
    see(at, bytes)
    at += bytes.length
  }
  return { at, crc }
}
