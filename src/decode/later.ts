/** A body whose decoding is loaded when it is first read (leaf of step 4). */
import type { WireBody } from '../ports.ts'
import type * as Pipeline from './pipeline.ts'

let pipeline: typeof Pipeline | null = null

export function decodeLater(body: WireBody, options: Pipeline.DecodeOptions): WireBody {
  return pipeline === null ? new LaterBody(body, options) : pipeline.decodeBody(body, options)
}

class LaterBody implements WireBody {
  readonly #body: WireBody
  readonly #options: Pipeline.DecodeOptions
  #decoded: WireBody | null = null
  /** Boxed, since a caller may cancel with anything, also with nothing. */
  #cancelled: { readonly reason: unknown } | null = null

  constructor(body: WireBody, options: Pipeline.DecodeOptions) {
    this.#body = body
    this.#options = options
  }

  async read(): Promise<Uint8Array | null> {
    return (this.#decoded ?? (await this.#load())).read()
  }

  async collect(limit: number): Promise<Uint8Array> {
    return (this.#decoded ?? (await this.#load())).collect(limit)
  }

  cancel(reason?: unknown): void {
    this.#cancelled ??= { reason }
    if (this.#decoded === null) this.#body.cancel(reason)
    else this.#decoded.cancel(reason)
  }

  async #load(): Promise<WireBody> {
    pipeline ??= await import('./pipeline.ts')
    const decoded = pipeline.decodeBody(this.#body, this.#options)
    this.#decoded = decoded
    if (this.#cancelled !== null) decoded.cancel(this.#cancelled.reason)
    return decoded
  }
}
