/**
 * The state of a response's body (layer 2): buffered, unread, reading, done. Every reader of
 * `Response` asks here, so that WHATWG's rules hold in one place.
 */
import { ownBytes } from './own-bytes.ts'
import { BodyNotReadError, StreamConsumedError } from './errors.ts'
import type { ByteReader, DropWatch, WireBody } from './ports.ts'
import { KeptBody, rawIsGone } from './response-kept.ts'
import { RawBody } from './response-raw.ts'
import { spentStream, streamBody } from './response-source.ts'
import type { BodyState } from './response-state.ts'
import { bytesReader, readableStream } from './response-stream.ts'
import { unsupported } from './unsupported.ts'

type State = 'buffered' | 'unread' | 'reading' | 'done'

export interface BodyLayers {
  /** The bytes as the caller sees them: decoded, counted, limited. */
  readonly decoded: WireBody
  /** The same for who takes everything at once, and says himself how much that may be. */
  readonly whole?: WireBody
  /** The bytes before content decoding; null where the runtime gives none. */
  readonly coded: ByteReader | null
  /** What the transport gave, for a body that is dropped without a look. */
  readonly wire: WireBody
  /** Bytes that a reader which keeps everything may hold. */
  readonly keepLimit: number
  /** The runtime's own stream, where nothing is to be done to the body: taken at most once. */
  readonly native?: (() => ReadableStream<Uint8Array> | null) | null
  /** Pieces that are read belong to the reader alone; those of a mock's stream do not. */
  readonly owned?: boolean
  /** Gives the connection back when a body that nobody reads is collected as garbage. */
  readonly drops?: DropWatch | undefined
}

/** A discarded body this small is read, so that its connection can serve the next request. */
const DRAIN_BYTES = 65_536

export class ResponseBody implements BodyState {
  #state: State = 'unread'
  #bytes: Uint8Array | null = null
  #layers: BodyLayers | null
  #stream: ReadableStream<Uint8Array<ArrayBuffer>> | null = null

  static overStream(
    stream: ReadableStream<Uint8Array>,
    keepLimit: number = Infinity,
  ): ResponseBody {
    return new ResponseBody(streamLayers(stream, keepLimit))
  }

  constructor(layers: BodyLayers) {
    this.#layers = layers
    if (layers.drops !== undefined) watchDrop(this, layers)
  }

  get used(): boolean {
    return this.#state === 'reading' || this.#state === 'done'
  }

  /** Everything, if it has been read. */
  get content(): Uint8Array {
    if (this.#bytes !== null) {
      this.#bytes = ownBytes(this.#bytes)
      return this.#bytes
    }
    if (this.used) throw this.#consumed()
    throw new BodyNotReadError(
      'The body has not been read: with stream: true, call `await response.bytes()` first.',
    )
  }

  /** Most answers are read as text: what nobody is given is not copied. */
  get kept(): Uint8Array | null {
    return this.#state === 'buffered' ? this.#bytes : null
  }

  get isBuffered(): boolean {
    return this.#state === 'buffered'
  }

  /** Reads everything and keeps it: from then on every reader works any number of times. */
  async buffer(): Promise<void> {
    if (this.#state === 'unread') {
      const layers = this.#begin()
      this.#bytes = await (layers.whole ?? layers.decoded).collect(layers.keepLimit)
    }
    // A hook may have iterated over it: then there is nothing to keep.
    if (this.#bytes !== null) this.#state = 'buffered'
  }

  /** As `buffer`, for a body that is there already; false for one that has to be waited for. */
  bufferNow(): boolean {
    if (this.#state !== 'unread' || this.#stream !== null) return false
    const layers = this.#layered()
    const bytes = (layers.whole ?? layers.decoded).collectNow?.(layers.keepLimit) ?? null
    if (bytes === null) return false
    this.#touch()
    this.#bytes = bytes
    this.#state = 'buffered'
    return true
  }

  /** Everything, once; a buffered body gives it any number of times. */
  async take(): Promise<Uint8Array> {
    if (this.#state === 'buffered') return this.content
    const { decoded, keepLimit } = this.#begin()
    const bytes = await decoded.collect(keepLimit)
    this.#bytes = bytes
    this.#state = 'done'
    return bytes
  }

  /** Whether nobody else holds the bytes that a reader is given. */
  get isOwned(): boolean {
    return this.#state !== 'buffered' && this.#layers?.owned === true
  }

  /** The bytes piece by piece. */
  reader(): ByteReader {
    if (this.#state === 'buffered') return bytesReader(this.content)
    return this.#begin().decoded
  }

  /** The bytes before content decoding. */
  raw(): RawBody {
    if (this.#state === 'buffered') throw rawIsGone()
    const layers = this.#layered()
    if (layers.coded === null) {
      throw unsupported('Reading raw bytes of a coded body', 'this runtime', 'Use iterContent().')
    }
    this.#begin()
    return new RawBody(layers.coded, layers.keepLimit)
  }

  /** One stream, made when it is first asked for; it pulls, and buffers nothing. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    this.#stream ??= this.#state === 'done' ? spentStream() : this.#openStream()
    return this.#stream
  }

  /** The stream to hand on: the runtime's own where it can be had, with none of ours around it. */
  handOn(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const untouched = this.#state === 'unread' && this.#stream === null
    const native = untouched ? (this.#layers?.native?.() ?? null) : null
    if (native === null) return this.stream()
    this.#touch()
    this.#state = 'done'
    // As in `readableStream`.
    return native as ReadableStream<Uint8Array<ArrayBuffer>>
  }

  /** Two bodies over one source: what one of them has read and the other has not stays in memory. */
  tee(): BodyState {
    if (this.#state === 'buffered') return new KeptBody(this.content)
    if (this.used) throw this.#consumed()
    const { keepLimit } = this.#layered()
    const [mine, other] = this.stream().tee()
    this.#touch()
    this.#layers = streamLayers(mine, keepLimit)
    this.#stream = null
    return ResponseBody.overStream(other, keepLimit)
  }

  /** As `discard`, for a body that is there already; false for one that has to be waited for. */
  discardNow(): boolean {
    if (this.#state !== 'unread' || this.#stream !== null) return false
    if ((this.#layered().wire.collectNow?.(DRAIN_BYTES) ?? null) === null) return false
    this.#touch()
    this.#state = 'done'
    return true
  }

  /** Dropped undecoded: a bomb in the body of a redirect must not go off. */
  async discard(unlessTaken = false): Promise<void> {
    if (unlessTaken && (this.used || this.#stream !== null)) return
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
    this.#touch()
    this.#state = 'done'
    this.#layers?.decoded.cancel(reason)
  }

  #layered(): BodyLayers {
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
    this.#touch()
    this.#state = 'reading'
    return this.#layered()
  }

  /** Somebody reads: from here on the reader alone decides how long the body is wanted. */
  #touch(): void {
    if (this.#state === 'unread') this.#layers?.drops?.forget(this)
  }

  #consumed(): StreamConsumedError {
    return new StreamConsumedError(
      'The body has been read or closed before; a streamed one can be read once.',
    )
  }

  #openStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    if (this.#state === 'buffered') return readableStream(bytesReader(this.content))
    const layers = this.#layered()
    return readableStream(layers.decoded, () => {
      // After a tee, a pull may be for the other body.
      if (this.#state !== 'unread' || this.#layers !== layers) return
      this.#touch()
      this.#state = 'reading'
    })
  }
}

function streamLayers(stream: ReadableStream<Uint8Array>, keepLimit: number): BodyLayers {
  const body = streamBody(stream)
  return { decoded: body, coded: null, wire: body, keepLimit }
}

/** Outside of the class, so that the function that is kept knows the transport's body alone. */
function watchDrop(body: ResponseBody, { drops, wire }: BodyLayers): void {
  drops?.watch(body, () => {
    wire.cancel()
  })
}
