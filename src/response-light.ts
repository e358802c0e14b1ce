/** Which answers need more than most do (layer 2), and what is loaded when one arrives. */
import type { LinkTable } from './decode/links.ts'
import { ConnectionError } from './call-errors.ts'
import type { HeaderFields } from './ports.ts'
import type { ResponseParts } from './response.ts'

/**
 * Starts to load what the head of an answer calls for; the function resolves when that is there. It
 * never rejects: an answer that has come is not lost because a page has lost its network since.
 */
export function partsFor(
  fields: HeaderFields,
  open: () => Promise<ResponseParts> = openParts,
): (bytes: Uint8Array) => ResponseParts | Promise<ResponseParts> {
  const type = fields.get('content-type') ?? ''
  const declares = /charset|html|xml/i.test(type) && !/charset="?utf-8/i.test(type)
  const loading = declares || fields.get('link') !== null ? load(open, declares) : null
  // A byte order mark of UTF-16 beats them all.
  return (bytes) => ((bytes[0] ?? 0) >= 0xfe ? load(open, true) : (loading ?? FEW))
}

const FEW: ResponseParts = {
  charsetOf: () => 'utf-8',
  // Without prototype, as any table of links.
  parseLinks: () => Object.create(null) as LinkTable,
}

async function openParts(): Promise<ResponseParts> {
  return (await import('./response-parts.ts')).responseParts
}

/** @param isText what is missing is what reads the text, not the links alone. */
async function load(open: () => Promise<ResponseParts>, isText: boolean): Promise<ResponseParts> {
  try {
    return await open()
  } catch (cause) {
    const fail = (): never => {
      throw new ConnectionError('The code that reads this answer could not be loaded.', {
        code: 'CODE_NOT_LOADED',
        cause,
      })
    }
    return { charsetOf: isText ? fail : () => 'utf-8', parseLinks: fail }
  }
}
