/** A sink as the place of a download: written in order, never read back, gone with the call. */
import type { PartStore, PartWriter } from '../download-port.ts'
import { RequestError } from '../errors.ts'
import type { FileSink } from '../ports.ts'

export type SinkInput = FileSink | (() => FileSink | Promise<FileSink>)

/** A function is called anew when the download has to start anew. */
export function sinkStore(input: SinkInput): PartStore {
  return new SinkStore(input)
}

class SinkStore implements PartStore {
  readonly target: string = 'the sink'
  readonly durable: boolean = false
  readonly random: boolean = false
  readonly checkpointMs: number = Infinity
  readonly #input: SinkInput
  /** A sink that was given is ours to end, whatever happens; a function has not been called yet. */
  #sink: FileSink | null
  #written = false

  constructor(input: SinkInput) {
    this.#input = input
    this.#sink = typeof input === 'function' ? null : input
  }

  loadState(): Promise<null> {
    return Promise.resolve(null)
  }
  async saveState(): Promise<void> {
    // There is no later call that could read it.
  }
  async setAside(): Promise<void> {
    // As above.
  }
  async trim(): Promise<void> {
    // Nothing is ever claimed.
  }

  async reset(): Promise<void> {
    if (this.#sink !== null && !this.#written) return
    if (this.#sink !== null && typeof this.#input !== 'function') {
      throw new RequestError(
        'The download has to start anew, but a sink cannot be emptied. Pass a function that returns a new sink.',
        { code: 'SINK_WRITTEN' },
      )
    }
    await this.#sink?.discard()
    this.#sink = typeof this.#input === 'function' ? await this.#input() : this.#input
    this.#written = false
  }

  writer(): PartWriter {
    return {
      written: 0,
      write: async (bytes) => {
        this.#written = true
        await this.#sink?.write(bytes)
      },
      flush: () => Promise.resolve(),
    }
  }

  async *read(): AsyncGenerator<Uint8Array> {
    // What is missing here is noticed by whoever wanted it.
  }

  async commit(): Promise<string> {
    return (await this.#sink?.commit()) ?? ''
  }
  async close(): Promise<void> {
    await this.discard()
  }
  async discard(): Promise<void> {
    await this.#sink?.discard()
  }
}
