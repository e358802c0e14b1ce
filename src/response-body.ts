/**
 * The state of a response's body (layer 2): buffered, unread, reading, done. Every reader of
 * `Response` asks here, so that WHATWG's rules hold in one place.
 */
import { concatBytes } from './bytes.ts'
import { BodyNotReadError, StreamConsumedError } from './errors.ts'
import type { ByteReader, WireBody } from './ports.ts'
import { unsupported } from './unsupported.ts'
import { webType } from './web.ts'

type State = 'buffered' | 'unread' | 'reading' | 'done'

export interface BodyLayers {
  /** The bytes as the caller sees them: decoded, counted, limited. */
  readonly decoded: WireBody
  /** The bytes before content decoding; null where the runtime gives none. */
  readonly coded: ByteReader | null
  /** What the transport gave, for a body that is dropped without a look. */
  readonly wire: ByteReader
}

/** A discarded body this small is read, so that its connection can serve the next request. */
const DRAIN_BYTES = 65_536

export class ResponseBody {
  #state: State
  #bytes: Uint8Array | null
  readonly #layers: BodyLayers | null
  #stream: ReadableStream<Uint8Array<ArrayBuffer>> | null = null
  /** After a tee: the branch that is this body's. */
  #replacement: WireBody | null = null

  static overStream(stream: ReadableStream<Uint8Array>): ResponseBody {
    const body = streamBody(stream)
    return new ResponseBody({ decoded: body, coded: null, wire: body })
  }

  constructor(source: Uint8Array | BodyLayers) {
    this.#state = source instanceof Uint8Array ? 'buffered' : 'unread'
    this.#bytes = source instanceof Uint8Array ? source : null
    this.#layers = source instanceof Uint8Array ? null : source
  }

  get used(): boolean {
    return this.#state === 'reading' || this.#state === 'done'
  }

  /** Everything, if it has been read. */
  get content(): Uint8Array {
    if (this.#bytes !== null) return this.#bytes
    if (this.used) throw this.#consumed()
    throw new BodyNotReadError(
      'The body has not been read: with stream: true, call `await response.bytes()` first.',
    )
  }

  get isBuffered(): boolean {
    return this.#state === 'buffered'
  }

  /** Reads everything and keeps it: from then on every reader works any number of times. */
  async buffer(): Promise<void> {
    if (this.#state === 'buffered') return
    this.#bytes = await this.#layered().decoded.collect(Infinity)
    this.#state = 'buffered'
  }

  /** Everything, once; a buffered body gives it any number of times. */
  async take(): Promise<Uint8Array> {
    if (this.#bytes !== null && this.#state === 'buffered') return this.#bytes
    const source = this.#begin().decoded
    const bytes = await source.collect(Infinity)
    this.#bytes = bytes
    this.#state = 'done'
    return bytes
  }

  /** The bytes piece by piece. */
  reader(): ByteReader {
    if (this.#state === 'buffered') return bytesReader(this.content)
    return this.#begin().decoded
  }

  /** The bytes before content decoding. */
  rawReader(): ByteReader {
    if (this.#state === 'buffered') {
      throw new StreamConsumedError('raw needs stream: true; the body has been read and decoded.')
    }
    const layers = this.#layered()
    if (layers.coded === null) {
      throw unsupported('Reading raw bytes of a coded body', 'this runtime', 'Use iterContent().')
    }
    this.#begin()
    return layers.coded
  }

  /** One stream, made when it is first asked for; it pulls, and buffers nothing. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    this.#stream ??= this.#state === 'done' ? spentStream() : this.#openStream()
    return this.#stream
  }

  /** Two bodies over one source: what one of them has read and the other has not stays in memory. */
  tee(): ResponseBody {
    if (this.#state === 'buffered') return new ResponseBody(this.content)
    if (this.used) throw this.#consumed()
    const [mine, other] = this.stream().tee()
    this.#replacement = streamBody(mine)
    this.#stream = null
    return ResponseBody.overStream(other)
  }

  /** Dropped undecoded: a bomb in the body of a redirect must not go off. */
  async discard(): Promise<void> {
    if (this.#state !== 'unread') {
      this.cancel()
      return
    }
    const { wire } = this.#begin()
    this.#state = 'done'
    let left = DRAIN_BYTES
    while (left > 0) {
      const chunk = await wire.read()
      if (chunk === null) return
      left -= chunk.length
    }
    wire.cancel()
  }

  cancel(reason?: unknown): void {
    if (this.#state === 'buffered' || this.#state === 'done') return
    this.#state = 'done'
    this.#layers?.decoded.cancel(reason)
  }

  #layered(): BodyLayers {
    if (this.#replacement !== null)
      return { decoded: this.#replacement, coded: null, wire: this.#replacement }
    if (this.#layers === null) throw this.#consumed()
    return this.#layers
  }

  #begin(): BodyLayers {
    if (this.used) throw this.#consumed()
    if (this.#stream !== null) {
      if (this.#stream.locked)
        throw new TypeError('The body is locked by a reader of response.body.')
      // Nobody shall read beside us.
      this.#stream.getReader()
    }
    this.#state = 'reading'
    return this.#layered()
  }

  #consumed(): StreamConsumedError {
    return new StreamConsumedError(
      'The body of this response has been read or closed before; a streamed body can be read once.',
    )
  }

  #openStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const buffered = this.#state === 'buffered'
    const source = buffered ? bytesReader(this.content) : this.#layered().decoded
    return readableStream(source, () => {
      if (!buffered && this.#state === 'unread') this.#state = 'reading'
    })
  }
}

/** A pull stream without a queue: nothing is read before somebody reads. */
export function readableStream(
  source: ByteReader,
  onPull: () => void = () => undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const Stream = webType('ReadableStream')
  if (Stream === undefined) {
    throw unsupported('A ReadableStream', 'this engine', 'Use iterContent() or bytes().')
  }
  return new Stream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller): Promise<void> {
        onPull()
        const chunk = await source.read()
        if (chunk === null) controller.close()
        // Bytes from a socket are never on shared memory, which the type allows.
        else controller.enqueue(chunk as Uint8Array<ArrayBuffer>)
      },
      cancel(reason): void {
        onPull()
        source.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

/** A body over any web stream: of a mock, of a branch of a tee, of a native response. */
export function streamBody(stream: ReadableStream<Uint8Array>): WireBody {
  const reader = stream.getReader()
  const read = async (): Promise<Uint8Array | null> => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return null
      if (value.length > 0) return value
    }
  }
  return {
    read,
    async collect(): Promise<Uint8Array> {
      const chunks: Uint8Array[] = []
      for (let chunk = await read(); chunk !== null; chunk = await read()) chunks.push(chunk)
      return concatBytes(chunks)
    },
    cancel(reason): void {
      // A failed cancel means that the source is gone, which is what was wanted.
      reader.cancel(reason).catch(() => undefined)
    },
  }
}

export function bytesReader(bytes: Uint8Array): ByteReader {
  let left: Uint8Array | null = bytes.length === 0 ? null : bytes
  return {
    read(): Promise<Uint8Array | null> {
      const chunk = left
      left = null
      return Promise.resolve(chunk)
    },
    cancel(): void {
      left = null
    },
  }
}

function spentStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stream = readableStream(bytesReader(new Uint8Array(0)))
  stream.getReader()
  return stream
}
