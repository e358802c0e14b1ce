/**
 * The readers of a response's body (layer 2), what Fetch calls the body mixin, with those of Python's
 * `requests` besides. `Response` adds the head.
 */
import { decodeAs } from './decode/text.ts'
import type { Headers } from './headers.ts'
import type { ByteReader, FileSystem, RuntimeName } from './ports.ts'
import { iteratePieces, withLoaded } from './response-later.ts'
import type { NativeBody } from './response-native.ts'
import type { RawBody } from './response-raw.ts'
import type { RecordOptions, ServerSentEvent } from './response-records.ts'
import type { SaveDestination } from './response-save.ts'
import { checkSize } from './response-size.ts'
import type { BodyState } from './response-state.ts'
import { readableStream } from './response-stream.ts'
import { unsupported } from './unsupported.ts'
import { webType } from './web.ts'

export interface IterContentOptions {
  /** Bytes per chunk, exactly; without it, as they arrive. */
  readonly chunkSize?: number | null | undefined
  /** Text instead of bytes, with no character split. */
  readonly decode?: boolean | undefined
}

export abstract class ResponseContent {
  readonly #body: BodyState
  #encoding: string | null = null

  constructor(body: BodyState) {
    this.#body = body
  }

  abstract get headers(): Headers
  abstract get url(): string
  /** As `headers.get`, without making `headers`. `lower` is in lower case. */
  protected abstract field(lower: string): string | null
  /** HEAD, 204 and their like: `body` is null, whatever the headers announce. */
  protected abstract get hasNoBody(): boolean
  /** The charset that nobody has set. */
  protected abstract charsetOf(bytes: Uint8Array, contentType: string | null): string
  protected abstract get files(): FileSystem | undefined
  protected abstract get runtime(): RuntimeName

  /** The charset for `text()`: from the Content-Type, a BOM or the document, else UTF-8. Settable. */
  get encoding(): string {
    const known = this.#body.kept ?? new Uint8Array(0)
    return this.#encoding ?? this.charsetOf(known, this.#contentType)
  }
  set encoding(label: string) {
    this.#encoding = new TextDecoder(label).encoding
  }

  /** All bytes. @throws BodyNotReadError with `stream: true` before the body was read. */
  get content(): Uint8Array {
    return this.#body.content
  }
  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.hasNoBody ? null : this.#body.stream()
  }
  get bodyUsed(): boolean {
    return this.#body.used
  }
  /** The bytes before content decoding, with `stream: true`; `raw.read(n)` gives exactly n. */
  get raw(): RawBody {
    return this.#body.raw()
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    // Bytes from a socket are never on shared memory, which the type allows.
    return (await this.#body.take()) as Uint8Array<ArrayBuffer>
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).slice().buffer
  }
  async text(): Promise<string> {
    return this.textAtHand() ?? this.#decode(await this.#body.take())
  }
  async blob(): Promise<Blob> {
    const BlobType = webType('Blob')
    if (BlobType === undefined) throw unsupported('blob()', 'this engine', 'Use bytes().')
    return new BlobType([await this.bytes()], { type: this.#contentType ?? '' })
  }

  /** Chunks of exactly `chunkSize` bytes, the last one shorter; without a size as they arrive. With
   *  `{decode: true}` text, in which no character is split. */
  iterContent(options: IterContentOptions & { readonly decode: true }): AsyncGenerator<string, void>
  iterContent(options?: number | null | IterContentOptions): AsyncGenerator<Uint8Array, void>
  iterContent(
    options: number | null | IterContentOptions = null,
  ): AsyncGenerator<Uint8Array | string, void> {
    const { chunkSize = null, decode = false } =
      typeof options === 'object' && options !== null ? options : { chunkSize: options }
    const reader = this.#body.reader()
    if (chunkSize !== null) checkSize(chunkSize, 1)
    const encoding = this.#encoding
    const contentType = this.#contentType
    return iteratePieces<Uint8Array | string>(reader, (pieces) =>
      decode
        ? pieces.iterateText(reader, encoding, contentType, chunkSize)
        : pieces.iterateChunks(reader, chunkSize),
    )
  }
  /** What `text()` gives, as it arrives; a byte order mark or a charset counts as there. */
  textStream(): ReadableStream<string> {
    const encoding = this.#encoding
    const contentType = this.#contentType
    const reader = this.#body.reader()
    const pieces = iteratePieces(reader, ({ iterateText }) =>
      iterateText(reader, encoding, contentType),
    )
    return readableStream<string>({
      read: async () => (await pieces.next()).value ?? null,
      // Not of the loop: one that has not begun would give nothing up.
      cancel: (reason) => {
        reader.cancel(reason)
      },
    })
  }
  /** What `iterContent` loops over, for those to whom three promises a chunk are too many. */
  reader(): ByteReader {
    return this.#body.reader()
  }
  /** Nobody else holds the bytes that `reader` gives. */
  get isOwned(): boolean {
    return this.#body.isOwned
  }
  /** Lines of text, without their ends: `\n`, `\r\n` or `\r`. */
  iterLines({ maxLength = Infinity }: RecordOptions = {}): AsyncGenerator<string, void> {
    const contentType = this.#contentType
    const encoding = this.#encoding
    const reader = this.#body.reader()
    return iteratePieces(reader, (pieces) =>
      pieces.iterateLines(reader, encoding, { contentType, maxLength }),
    )
  }
  /**
   * Server-sent events, as language models stream them; `data` is often JSON.
   * @example for await (const { data } of response.iterEvents()) console.log(data)
   */
  iterEvents(options?: RecordOptions): AsyncGenerator<ServerSentEvent, void> {
    const reader = this.#body.reader()
    return iteratePieces(reader, (pieces) => pieces.iterateEvents(reader, options))
  }
  /** Newline-delimited JSON: one document per line. @throws JSONDecodeError */
  iterJSON<T = unknown>(options?: RecordOptions): AsyncGenerator<T, void> {
    const reader = this.#body.reader()
    return iteratePieces(reader, (pieces) => pieces.iterateJSON<T>(reader, options))
  }
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    return this.iterContent()
  }
  /**
   * Writes the body to a path (Node, Deno, Bun), a file handle or a WritableStream; in a folder,
   * under the name the server suggests, made safe, beside files of that name. Under the final name
   * there is the whole body or nothing. Resolves to the path, or the handle's name.
   */
  save(destination: SaveDestination): Promise<string> {
    const { files, runtime, url } = this
    const disposition = this.headers.get('content-disposition')
    const disposable = this.isOwned
    const plan = { destination, disposition, url, files, runtime, disposable }
    return withLoaded(this.#body.reader(), async (reader) =>
      (await import('./response-save.ts')).saveBody(reader, plan),
    )
  }

  /** Gives the body up; the connection is freed. */
  close(): Promise<void> {
    this.#body.cancel()
    return Promise.resolve()
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
  /** Reads the body now and keeps it, as a call without `stream: true` does. */
  async buffer(): Promise<this> {
    if (!this.#body.isBuffered) await this.#body.buffer()
    return this
  }
  /** As `buffer`, without a promise where that takes no time. */
  bufferAtHand(): Promise<void> | null {
    return this.#body.bufferNow() ? null : this.#body.buffer()
  }
  /** Gives the body up, but saves the connection where little of it is left. */
  discard(unlessTaken?: boolean): Promise<void> {
    return this.#body.discard(unlessTaken)
  }
  /** As `discard`, where that takes no time; else false, and nothing is done. */
  discardAtHand(): boolean {
    return this.#body.discardNow()
  }

  protected teeBody(): BodyState {
    return this.#body.tee()
  }
  protected copyEncoding(copy: ResponseContent): void {
    copy.#encoding = this.#encoding
  }
  protected nativeBody(): NativeBody {
    if (this.hasNoBody) return null
    // As in `bytes`.
    return this.#body.isBuffered
      ? (this.#body.content as Uint8Array<ArrayBuffer>)
      : this.#body.handOn()
  }

  /** The text of a buffered body; null of one that has still to be read. */
  protected textAtHand(): string | null {
    const { kept } = this.#body
    return kept === null ? null : this.#decode(kept)
  }

  #decode(bytes: Uint8Array): string {
    return decodeAs(bytes, this.#encoding ?? this.charsetOf(bytes, this.#contentType))
  }

  get #contentType(): string | null {
    return this.field('content-type')
  }
}
