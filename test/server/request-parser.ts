/** Finds where a request ends and keeps its bytes as they came (RFC 9112 §6, §7.1). */
import { createHash } from 'node:crypto'
import type { RecordedRequest } from '../harness/recorder.ts'

type Framing = RecordedRequest['framing']

const MAX_HEAD = 1024 * 1024
const KEPT_BYTES = 8 * 1024 * 1024

/** One request, fed with bytes until it is complete. */
export class RequestParser {
  #head: Buffer | null = null
  #pending: Buffer = Buffer.alloc(0)
  #framing: Framing = 'none'
  /** Bytes of content still to come: of the body, or of the current chunk with its CRLF. */
  #left = 0
  #state: 'head' | 'content' | 'chunk-size' | 'chunk-end' | 'trailer' | 'done' | 'broken' = 'head'
  readonly #body = new KeptBytes()
  readonly #content = new KeptBytes()

  get headComplete(): boolean {
    return this.#head !== null
  }

  get complete(): boolean {
    return this.#state === 'done'
  }

  /** What came is no HTTP: nothing more can be told apart. */
  get broken(): boolean {
    return this.#state === 'broken'
  }

  /** Bytes of the body so far, framing included. */
  get bodyLength(): number {
    return this.#body.length
  }

  get headText(): string {
    return this.#head?.toString('latin1') ?? ''
  }

  field(name: string): string | null {
    const lower = `${name.toLowerCase()}:`
    const line = this.headText.split('\r\n').find((each) => each.toLowerCase().startsWith(lower))
    return line?.slice(lower.length).trim() ?? null
  }

  /** Takes its own part of the bytes and gives back the rest, which is the next request's. */
  feed(bytes: Buffer): Buffer {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    while (this.#step());
    if (this.#state !== 'done') return Buffer.alloc(0)
    const rest = this.#pending
    this.#pending = Buffer.alloc(0)
    return rest
  }

  describe(): Omit<RecordedRequest, 'connection' | 'closed'> {
    const head = this.#head ?? this.#pending
    return {
      head: head.toString('latin1'),
      headBase64: head.toString('base64'),
      bodyBase64: this.#body.bytes.toString('base64'),
      contentBase64: this.#content.bytes.toString('base64'),
      contentLength: this.#content.length,
      contentSha256: this.#content.sha256,
      framing: this.#framing,
      complete: this.complete,
    }
  }

  /** One element of the grammar; false when more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#readHead()
      case 'content':
        return this.#readContent()
      case 'chunk-size':
        return this.#readChunkSize()
      case 'chunk-end':
        return this.#readLine((line) => {
          this.#state = line === '' ? 'chunk-size' : 'broken'
        })
      case 'trailer':
        return this.#readLine((line) => {
          if (line === '') this.#state = 'done'
        })
      case 'done':
      case 'broken':
        return false
    }
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf('\r\n\r\n')
    if (end === -1) {
      if (this.#pending.length > MAX_HEAD) this.#state = 'broken'
      return false
    }
    this.#head = Buffer.from(this.#pending.subarray(0, end))
    this.#pending = this.#pending.subarray(end + 4)
    const length = this.field('content-length')
    if (!/^\S+ \S+ HTTP\/1\.[01]\r?$/m.test(this.headText.split('\n', 1)[0] ?? '')) {
      this.#state = 'broken'
    } else if (/chunked\s*$/i.test(this.field('transfer-encoding') ?? '')) {
      this.#framing = 'chunked'
      this.#state = 'chunk-size'
    } else if (length !== null) {
      this.#framing = 'length'
      this.#left = Number(length)
      this.#state = !/^\d+$/.test(length) ? 'broken' : this.#left === 0 ? 'done' : 'content'
    } else {
      this.#state = 'done'
    }
    return true
  }

  #readContent(): boolean {
    if (this.#pending.length === 0) return false
    const bytes = this.#pending.subarray(0, this.#left)
    this.#pending = this.#pending.subarray(bytes.length)
    this.#body.add(bytes)
    this.#content.add(bytes)
    this.#left -= bytes.length
    if (this.#left === 0) this.#state = this.#framing === 'chunked' ? 'chunk-end' : 'done'
    return true
  }

  #readChunkSize(): boolean {
    return this.#readLine((line) => {
      const size = /^([0-9a-f]+)\s*(?:;.*)?$/i.exec(line)?.[1]
      this.#left = Number.parseInt(size ?? '0', 16)
      this.#state = size === undefined ? 'broken' : this.#left === 0 ? 'trailer' : 'content'
    })
  }

  /** A line of the framing, which is part of the raw body. */
  #readLine(use: (line: string) => void): boolean {
    const end = this.#pending.indexOf('\r\n')
    if (end === -1) {
      if (this.#pending.length > MAX_HEAD) this.#state = 'broken'
      return false
    }
    const line = this.#pending.subarray(0, end + 2)
    this.#pending = this.#pending.subarray(end + 2)
    this.#body.add(line)
    use(line.toString('latin1', 0, end))
    return true
  }
}

/** All are counted and hashed, the first 8 MiB kept. */
class KeptBytes {
  readonly #chunks: Buffer[] = []
  readonly #hash = createHash('sha256')
  #kept = 0
  length = 0

  add(bytes: Buffer): void {
    this.length += bytes.length
    this.#hash.update(bytes)
    const kept = bytes.subarray(0, KEPT_BYTES - this.#kept)
    if (kept.length === 0) return
    this.#chunks.push(Buffer.from(kept))
    this.#kept += kept.length
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get sha256(): string {
    return this.#hash.copy().digest('hex')
  }
}
