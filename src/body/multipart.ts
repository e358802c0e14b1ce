/** Layer 1: the `multipart/form-data` body (RFC 7578, escaped as HTML says), alike on every runtime
 *  because no runtime's FormData takes part in it. */
import { encodeText } from '../as-bytes.ts'
import type { BodySource, OpenBody } from '../ports.ts'
import { encodeHead, GUESS, type Part } from './part.ts'
import { chunksSource, composedSource, TextSource } from './source.ts'

/** The length is exact without reading when every part knows its own. */
export function multipartSource(parts: readonly Part[], boundary: string): BodySource {
  const inMemory = memorySource(parts, boundary)
  if (inMemory !== null) return inMemory
  return {
    replayable: parts.every((part) => part.source.replayable),
    async open(): Promise<OpenBody> {
      const guess = parts.some((part) => part.type === GUESS) ? await loadGuess() : untyped
      const sources: BodySource[] = []
      for (const [at, part] of parts.entries()) {
        const type = part.type === GUESS ? guess(part.filename ?? '') : part.type
        sources.push(new TextSource(headOf(part, { at, boundary, type })), part.source)
      }
      return composedSource([...sources, new TextSource(endOf(parts, boundary))]).open()
    },
  }
}

/** Parts that are there already are opened at once; null where one has to be waited for. */
function memorySource(parts: readonly Part[], boundary: string): BodySource | null {
  const chunks: Uint8Array[] = []
  // Encoding is what costs: text is put together as long as it can be.
  let text = ''
  for (const [at, part] of parts.entries()) {
    const { source, type } = part
    if (type === GUESS) return null
    text += headOf(part, { at, boundary, type })
    if (source instanceof TextSource) text += source.text
    else if (source.memory === undefined) return null
    else {
      chunks.push(encodeText(text), ...source.memory)
      text = ''
    }
  }
  const rest = text + endOf(parts, boundary)
  return chunks.length === 0 ? new TextSource(rest) : chunksSource([...chunks, encodeText(rest)])
}

interface Place {
  readonly at: number
  readonly boundary: string
  readonly type: string | null
}

function headOf(part: Part, { at, boundary, type }: Place): string {
  return `${at === 0 ? '' : '\r\n'}--${boundary}\r\n${encodeHead(part, type)}`
}

function endOf(parts: readonly Part[], boundary: string): string {
  return `${parts.length === 0 ? '' : '\r\n'}--${boundary}--\r\n`
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
