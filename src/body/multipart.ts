/** Layer 1: the `multipart/form-data` body (RFC 7578, escaped as HTML says), alike on every runtime
 *  because no runtime's FormData takes part in it. */
import { encodeText } from '../bytes.ts'
import type { BodySource, OpenBody } from '../ports.ts'
import { encodeHead, GUESS, type Part } from './part.ts'
import { bytesSource, composedSource } from './source.ts'

/** The length is exact without reading when every part knows its own. */
export function multipartSource(parts: readonly Part[], boundary: string): BodySource {
  return {
    replayable: parts.every((part) => part.source.replayable),
    async open(): Promise<OpenBody> {
      const guess = parts.some((part) => part.type === GUESS) ? await loadGuess() : untyped
      const sources: BodySource[] = []
      let before = `--${boundary}\r\n`
      for (const part of parts) {
        const type = part.type === GUESS ? guess(part.filename ?? '') : part.type
        sources.push(bytesSource(encodeText(before + encodeHead(part, type))), part.source)
        before = `\r\n--${boundary}\r\n`
      }
      const end = `${parts.length === 0 ? '' : '\r\n'}--${boundary}--\r\n`
      return composedSource([...sources, bytesSource(encodeText(end))]).open()
    },
  }
}

/** The table of types is loaded with the first part that needs it. */
async function loadGuess(): Promise<(name: string) => string> {
  const { guessMediaType } = await import('./media-type.ts')
  return (name) => guessMediaType(name) ?? UNKNOWN_TYPE
}

function untyped(): string {
  return UNKNOWN_TYPE
}

/** RFC 7578 §4.4. */
const UNKNOWN_TYPE = 'application/octet-stream'
