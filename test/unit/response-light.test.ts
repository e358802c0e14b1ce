/** An answer that needs code which cannot be loaded any more. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectionError } from '../../src/errors.ts'
import { fieldsOf } from '../../src/header-list.ts'
import type { HeaderPairs } from '../../src/ports.ts'
import { partsFor } from '../../src/response-light.ts'

const gone = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'))
const UTF8 = Uint8Array.of(0x7b)
const MARKED = Uint8Array.of(0xff, 0xfe)

function isMissing(error: unknown): boolean {
  return error instanceof ConnectionError && error.code === 'CODE_NOT_LOADED'
}

test('an answer is not lost when what reads part of it cannot be loaded', async () => {
  const rows: readonly (readonly [HeaderPairs, Uint8Array, text: boolean, links: boolean])[] = [
    [[['content-type', 'application/json']], UTF8, true, true],
    [[['link', '<a>; rel=next']], UTF8, true, false],
    [[['content-type', 'text/html']], UTF8, false, false],
    [[['content-type', 'text/html; charset=utf-8']], UTF8, true, true],
    [[['content-type', 'text/plain']], MARKED, false, false],
    [[['link', '<a>; rel=next']], MARKED, false, false],
  ]
  for (const [headers, bytes, text, links] of rows) {
    const parts = await partsFor(fieldsOf(headers), gone)(bytes)
    const type = headers[0]?.[1] ?? null
    if (text) assert.equal(parts.charsetOf(bytes, type), 'utf-8')
    else assert.throws(() => parts.charsetOf(bytes, type), isMissing)
    if (links) assert.deepEqual({ ...parts.parseLinks(null, '') }, {})
    else assert.throws(() => parts.parseLinks('<a>; rel=next', 'https://a.test/'), isMissing)
  }
})
