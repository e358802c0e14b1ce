/** Layer 1: the `multipart/form-data` body (RFC 7578, escaped as HTML says), alike on every runtime
 *  because no runtime's FormData takes part in it. */
import { encodeText } from '../as-bytes.ts'
import type { BodySource, OpenBody } from '../ports.ts'
import { crlf, encodeHead, encodeName, GUESS, HEAD_START } from './part.ts'
import type { Part } from './part.ts'
import { chunksSource, composedSource, TextSource } from './source.ts'

/**
 * Takes the parts one by one. What is text goes onto one text, since encoding is what costs: no
 * object, list or text of its own for a field, which a form has many of.
 */
export class Multipart {
  /** Of parts that are no text, each behind the text that stands before it. */
  readonly #pieces: (readonly [before: string, part: Part])[] = []
  readonly #start: string
  readonly #boundary: string
  #text = ''

  constructor(boundary: string) {
    this.#boundary = boundary
    this.#start = `--${boundary}\r\n${HEAD_START}`
  }

  field(name: string, value: string): void {
    this.#text = `${this.#text}${this.#start}${encodeName(name)}"\r\n\r\n${crlf(value)}\r\n`
  }

  part(part: Part): void {
    const { type, source } = part
    if (type !== GUESS && source instanceof TextSource) {
      this.#text += `${this.#start}${encodeHead(part, type)}${source.text}\r\n`
      return
    }
    this.#pieces.push([this.#text + this.#start, part])
    this.#text = '\r\n'
  }

  /** The length is exact without reading when every part knows its own. */
  source(): BodySource {
    const end = `${this.#text}--${this.#boundary}--\r\n`
    const pieces = this.#pieces
    if (pieces.length === 0) return new TextSource(end)
    return memorySource(pieces, end) ?? openedSource(pieces, end)
  }
}

type Pieces = readonly (readonly [before: string, part: Part])[]

/** Parts that are there already are opened at once; null where one has to be waited for. */
function memorySource(pieces: Pieces, end: string): BodySource | null {
  const chunks: Uint8Array[] = []
  for (const [before, part] of pieces) {
    const { type, source } = part
    if (type === GUESS || source.memory === undefined) return null
    chunks.push(encodeText(before + encodeHead(part, type)), ...source.memory)
  }
  return chunksSource([...chunks, encodeText(end)])
}

function openedSource(pieces: Pieces, end: string): BodySource {
  return {
    replayable: pieces.every(([, part]) => part.source.replayable),
    async open(): Promise<OpenBody> {
      const guess = pieces.some(([, part]) => part.type === GUESS) ? await loadGuess() : untyped
      const sources: BodySource[] = []
      for (const [before, part] of pieces) {
        const type = part.type === GUESS ? guess(part.filename ?? '') : part.type
        sources.push(new TextSource(before + encodeHead(part, type)), part.source)
      }
      return composedSource([...sources, new TextSource(end)]).open()
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
