/**
 * What a response needs only for some answers (layer 2): handed to it, so that a page loads it when
 * such an answer arrives.
 */
import { charsetOf } from './decode/charset.ts'
import { parseLinks } from './decode/links.ts'
import type { ResponseParts } from './response.ts'

export const responseParts: ResponseParts = { charsetOf, parseLinks }
