/** What Node and Deno send with every request unless the caller says otherwise. */
import type { HeaderPairs } from '../../src/ports.ts'
import { VERSION } from '../../src/version.ts'

export const defaultHeaders: HeaderPairs = [
  ['User-Agent', `ubiquest/${VERSION}`],
  ['Accept', '*/*'],
  ['Accept-Encoding', 'gzip, deflate, br'],
]
