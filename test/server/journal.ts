/** What the servers remember for the cases: connections per listener, requests and events per tag. */
import { Waiting } from './waiting.ts'

/** Something that happened to a request with `?tag=`. */
export interface JournalEvent {
  readonly event:
    | 'request' // its head is there
    | 'body' // its body has been read to the end
    | 'cut' // its body broke off while it was read
    | 'finished' // the answer has been handed to the socket
    | 'aborted' // the client went away before the answer was finished
    | 'disconnected' // the connection it came on has closed
    | 'stalled' // an upload nobody reads has stopped growing
  readonly path: string
  readonly connection: number
  readonly bytes?: number
}

interface TagRecord {
  readonly requests: Map<string, number>
  readonly connections: Set<number>
  readonly events: JournalEvent[]
  releases: number
}

interface ListenerRecord {
  connections: number
  open: number
}

/** Bounds, so that a suite that runs for days does not fill the memory. */
const MAX_TAGS = 2000
const MAX_EVENTS = 20000

export class Journal {
  readonly #tags = new Map<string, TagRecord>()
  readonly #listeners = new Map<string, ListenerRecord>()
  readonly #requests = new Map<string, number>()
  readonly #waiting = new Waiting()
  #lastConnection = 0

  /** Numbers a new connection. */
  connect(listener: string): number {
    const record = this.#listener(listener)
    record.connections += 1
    record.open += 1
    return ++this.#lastConnection
  }

  disconnect(listener: string, connection: number): void {
    this.#listener(listener).open -= 1
    for (const [tag, record] of this.#tags) {
      if (!record.connections.has(connection)) continue
      this.add(tag, { event: 'disconnected', path: '', connection })
    }
    this.#waiting.notify()
  }

  count(tag: string | null, path: string, connection: number): void {
    increment(this.#requests, `/${path.split('/')[1] ?? ''}`)
    if (tag === null) return
    const record = this.#tag(tag)
    increment(record.requests, path)
    record.connections.add(connection)
    this.add(tag, { event: 'request', path, connection })
  }

  /** How often that path has been asked for with that tag. */
  requestsOf(tag: string, path: string): number {
    return this.#tags.get(tag)?.requests.get(path) ?? 0
  }

  add(tag: string | null, event: JournalEvent): void {
    if (tag === null) return
    const { events } = this.#tag(tag)
    if (events.length < MAX_EVENTS) events.push(event)
    this.#waiting.notify()
  }

  /** Lets answers that wait on this tag go on. */
  release(tag: string): void {
    this.#tag(tag).releases += 1
    this.#waiting.notify()
  }

  /** Conditions outside the journal may have changed. */
  nudge(): void {
    this.#waiting.notify()
  }

  /** Resolves at the next release, or false after the limit. */
  async released(tag: string, limitMs: number, gone: () => boolean): Promise<boolean> {
    const record = this.#tag(tag)
    const before = record.releases
    await this.#waiting.until(() => record.releases > before || gone(), limitMs)
    return record.releases > before
  }

  /** The events of that name, after waiting until there are `count` of them. */
  async events(
    tag: string,
    event: string,
    { count, limitMs }: { readonly count: number; readonly limitMs: number },
  ): Promise<{ events: JournalEvent[]; timedOut: boolean }> {
    const found = (): JournalEvent[] => this.#tag(tag).events.filter((each) => each.event === event)
    const enough = await this.#waiting.until(() => found().length >= count, limitMs)
    return { events: found(), timedOut: !enough }
  }

  statistics(tag: string | null): unknown {
    if (tag === null) {
      return {
        listeners: Object.fromEntries(this.#listeners),
        requests: Object.fromEntries(this.#requests),
      }
    }
    const record = this.#tag(tag)
    return {
      requests: Object.fromEntries(record.requests),
      connections: [...record.connections],
      events: record.events,
    }
  }

  /** Forgets one tag, or all counts; several targets may share the servers, so name your tag. */
  reset(tag: string | null): void {
    if (tag !== null) {
      this.#tags.delete(tag)
      return
    }
    this.#tags.clear()
    this.#requests.clear()
    for (const record of this.#listeners.values()) record.connections = record.open
  }

  #listener(name: string): ListenerRecord {
    const known = this.#listeners.get(name)
    if (known !== undefined) return known
    const record = { connections: 0, open: 0 }
    this.#listeners.set(name, record)
    return record
  }

  #tag(tag: string): TagRecord {
    const known = this.#tags.get(tag)
    if (known !== undefined) return known
    const [oldest] = this.#tags.keys()
    if (this.#tags.size >= MAX_TAGS && oldest !== undefined) this.#tags.delete(oldest)
    const record = { requests: new Map(), connections: new Set<number>(), events: [], releases: 0 }
    this.#tags.set(tag, record)
    return record
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
