/** Layer 1: a function as a body, called once per attempt. */
import { describe } from '../bytes.ts'
import type { BodySource, OpenBody } from '../ports.ts'
import { spent } from './stream-source.ts'

/** What a function has returned, read as if it had been given itself. */
export interface Made {
  /** Null for an empty body. */
  readonly source: BodySource | null
  readonly contentType: string | null
}

/**
 * @param read null for what is no body; @param kinds what a message says may be returned.
 * What is returned may be a stream that can be sent once, but not the same one twice.
 */
export function factorySource(
  make: object,
  read: (made: unknown) => Made | null,
  kinds: string,
): BodySource {
  let previous: unknown
  return {
    replayable: true,
    async open() {
      const made = await call(make)
      const body = typeof made === 'function' ? null : read(made)
      if (body === null) {
        throw new TypeError(
          `The function given as a body must return ${kinds}, not ${describe(made)}.`,
        )
      }
      const { source, contentType } = body
      if (source !== null && !source.replayable) {
        if (made === previous) throw spent()
        previous = made
      }
      return typed(source === null ? NOTHING : await source.open(), contentType)
    },
  }
}

const NOTHING: OpenBody = { length: 0, pieces: [], close: () => undefined }

function typed(open: OpenBody, type: string | null): OpenBody {
  const { length, pieces } = open
  return { length, pieces, type, close: (reason) => open.close(reason) }
}

function call(make: object): unknown {
  // Holds: only called with what `typeof` says is a function.
  return (make as () => unknown)()
}
