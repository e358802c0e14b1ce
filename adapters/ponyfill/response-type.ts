/** A `Response` to hand to others, where the engine has none: that of cross-fetch makes text of a
 *  stream. The bodies are ours, the rest is inherited. */
import { concatBytes } from '../../src/bytes.ts'
import { unsupported } from '../../src/unsupported.ts'
import { webType } from '../../src/web.ts'

type ResponseType = typeof globalThis.Response
type Content = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null

export function streamingResponse(Base: ResponseType): ResponseType {
  class StreamingResponse extends Base {
    readonly #stream: ReadableStream<Uint8Array<ArrayBuffer>> | null
    #used = false

    constructor(content?: Content, init?: ResponseInit) {
      super(null, init)
      this.#stream = content instanceof Uint8Array ? streamOf(content) : (content ?? null)
    }

    override get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
      return this.#stream
    }
    override get bodyUsed(): boolean {
      return this.#used || this.#stream?.locked === true
    }

    override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
      if (this.bodyUsed) throw new TypeError('The body has been read already.')
      this.#used = true
      return readAll(this.#stream)
    }
    override async arrayBuffer(): Promise<ArrayBuffer> {
      return (await this.bytes()).slice().buffer
    }
    override async text(): Promise<string> {
      return new TextDecoder().decode(await this.bytes())
    }
    override async json(): Promise<unknown> {
      return JSON.parse(await this.text())
    }
    override clone(): never {
      throw unsupported('clone()', 'ponyfill', 'Read the body once and keep it.')
    }
  }
  // Its constructor takes fewer kinds of bodies: the core gives it bytes and streams, no others.
  return StreamingResponse as ResponseType
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> | null {
  const Stream = webType('ReadableStream')
  if (Stream === undefined) return null
  return new Stream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes)
      controller.close()
    },
  })
}

async function readAll(
  stream: ReadableStream<Uint8Array> | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  const reader = stream?.getReader()
  for (let step = await reader?.read(); step?.done === false; step = await reader?.read()) {
    chunks.push(step.value)
  }
  // Joined into memory of its own, or the one chunk of a body of ours, which is not shared.
  return concatBytes(chunks) as Uint8Array<ArrayBuffer>
}
