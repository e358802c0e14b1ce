/** What one runtime's `fetch` does differently: the record that `send.ts` is parametrised with. */
import type {
  BodySource,
  Capabilities,
  HeaderFields,
  HeaderPairs,
  RuntimeName,
  WireRequest,
} from '../../src/ports.ts'
import type { Spares } from './spares.ts'
import type { Upload } from './upload.ts'

/** A body in one piece. */
export type Whole = ArrayBuffer | Uint8Array

/** Before the head of the response is there, or while its body is read. */
export type Phase = 'send' | 'body'

/** Complete: a member that is missing could come from a polluted prototype. */
export interface Dialect {
  readonly runtime: RuntimeName
  readonly capabilities: Capabilities
  /** Looked up at call time, so that a replaced `fetch` is honoured. */
  fetch(request: WireRequest, carrier: Carrier | null): FetchFunction
  /** Null where its fetch may have been replaced. */
  readonly spares: Spares | null
  /** Throws `UnsupportedError` for what the runtime would change in silence. */
  refuse(request: WireRequest): void
  /** Adds keys of the runtime's own to what every `fetch` is given, and returns that; sparse, since
   *  some runtimes refuse keys that are merely present. */
  init(request: WireRequest, init: NativeInit): NativeInit | Promise<NativeInit>
  /** Chooses what carries the body. */
  uploadBody(upload: Upload, request: WireRequest): Carrier | Promise<Carrier>
  /** For a small body of text that the runtime takes as it is, and encodes as a TextEncoder does: with
   *  all members, and its bytes told to the deadline. Null for any other body. */
  readonly textCarrier: ((request: WireRequest, body: BodySource) => Carrier | null) | null
  /** Codings, lower case, that the runtime has removed from the body. */
  undone(headers: HeaderFields, request: WireRequest): readonly string[]
  /** The fields of the response; `NativeFields` has them as the runtime does, which combines repeated
   *  ones, Set-Cookie apart. */
  fields(response: Response): HeaderFields
  /** Whether Content-Length describes the very bytes that `body` will give. */
  lengthHolds(response: Response, undone: readonly string[]): boolean
  /** How a body of that announced length is read best; null is the default reader. */
  readonly reader:
    ((stream: ReadableStream<Uint8Array>, length: number | null) => NativeReader) | null
  /** Small bodies may be read in one go, and empty ones left alone: their connection is free as soon
   *  as the last byte is there. */
  readonly whole: boolean
  /** What a promise is fulfilled with, where the runtime shows it; null of any other promise. */
  readonly peek: ((promise: Promise<Whole>) => Whole | null) | null
  /** Reads a body whole. */
  bytesOf(response: Response): Promise<Whole>
  translateError(error: unknown, request: WireRequest, phase: Phase): Error
}

export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>
export type NativeInit = Record<string, unknown>

/** What goes into `init.body`, and what goes with it. */
export interface Carrier {
  readonly body: BodyInit | null
  /** Framing, where the runtime takes it from a header. */
  readonly headers?: HeaderPairs
  readonly init?: NativeInit
  /** Handed over whole: no progress will be seen before the answer. */
  readonly whole: boolean
  /** The bytes of a body whose length was not known before it was collected. */
  readonly size?: number
}

export interface NativeReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
  cancel(reason?: unknown): Promise<void>
}
