/** Our form encoding is URLSearchParams' own, for every text. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeForm } from '../../../src/body/form.ts'

test('every text is encoded as URLSearchParams does, lone surrogates included', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 1 }),
      fc.constantFrom('\ud800', '\udfff', '\n', '\r', '~'),
    ),
  })
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (fields) => {
      assert.equal(encodeForm(fields), new URLSearchParams(fields).toString())
    }),
  )
})

test('every ASCII character is encoded as URLSearchParams does', () => {
  const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code))
  assert.equal(encodeForm([[ascii, ascii]]), new URLSearchParams([[ascii, ascii]]).toString())
})
