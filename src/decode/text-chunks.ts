/** Bytes to text, chunk by chunk (leaf of step 4). */
import { concatBytes } from '../bytes.ts'
import {
  charsetOf,
  charsetParameter,
  DECLARATION_BYTES,
  decodeText,
  knownLabel,
  mayDeclare,
} from './charset.ts'

/** Text from chunks: characters that chunks split stay whole. */
export interface TextChunks {
  /** The text that is complete so far; may be empty. */
  push(chunk: Uint8Array): string
  /** What is left at the end. */
  end(): string
}

/** Waits for enough of the beginning to know the charset, then decodes chunk by chunk. */
export function textChunks(contentType: string | null, override: string | null = null): TextChunks {
  const named = override !== null || knownLabel(charsetParameter(contentType)) !== null
  const needed = named || !mayDeclare(contentType) ? 0 : DECLARATION_BYTES
  let held: Uint8Array = new Uint8Array(0)
  let decoder: TextDecoder | null = null
  return {
    push(chunk) {
      if (decoder !== null) return decoder.decode(chunk, { stream: true })
      held = concatBytes([held, chunk])
      if (held.length < needed || mayBecomeMark(held)) return ''
      decoder = new TextDecoder(charsetOf(held, contentType, override))
      return decoder.decode(held, { stream: true })
    },
    end() {
      if (decoder !== null) return decoder.decode()
      return decodeText(held, contentType, override)
    },
  }
}

/** Too short to tell. Any other beginning is decoded at once: a live stream must not wait. */
function mayBecomeMark(head: Uint8Array): boolean {
  const [a, b] = head
  if (head.length >= 3) return false
  if (b === undefined) return a === undefined || a === 0xef || a === 0xfe || a === 0xff
  return a === 0xef && b === 0xbb
}
