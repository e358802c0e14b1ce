/** Which charset a text has, and text that arrives in chunks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { charsetOf, charsetParameter, decodeText } from '../../../src/decode/charset.ts'
import { textChunks } from '../../../src/decode/text-chunks.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
const ascii = (text: string) => Buffer.from(text, 'latin1')

test('the charset parameter is found in any spelling', () => {
  const rows: [string | null, string | null][] = [
    ['text/html; charset=utf-8', 'utf-8'],
    ['text/html;CHARSET="ISO-8859-1"', 'ISO-8859-1'],
    ["text/html; charset = 'latin1' ; x=y", 'latin1'],
    ['text/html; x=charset', null],
    ['text/html; charset=', null],
    ['text/html', null],
    [null, null],
  ]
  for (const [header, charset] of rows) assert.equal(charsetParameter(header), charset)
})

test('the caller comes first, then the mark, Content-Type, the document, UTF-8', () => {
  const marked = bytes(0xff, 0xfe, 0x61, 0)
  const html = ascii('<html><head><meta charset="koi8-r">')
  const xml = ascii('<?xml version="1.0" encoding="iso-8859-2"?><a/>')
  assert.equal(charsetOf(marked, 'text/plain; charset=koi8-r', 'ISO-8859-5'), 'iso-8859-5')
  assert.equal(charsetOf(marked, 'text/plain; charset=koi8-r'), 'utf-16le')
  assert.equal(charsetOf(html, 'text/html; charset=shift_jis'), 'shift_jis')
  assert.equal(charsetOf(html, 'text/html'), 'koi8-r')
  assert.equal(charsetOf(xml, 'application/atom+xml'), 'iso-8859-2')
  assert.equal(charsetOf(html, 'text/plain'), 'utf-8')
  assert.equal(charsetOf(html, 'text/html; charset=no-such-thing'), 'koi8-r')
  assert.equal(charsetOf(ascii('<meta charset=utf-16>'), 'text/html'), 'utf-8')
  assert.equal(charsetOf(bytes(), null), 'utf-8')
})

test('a declaration in a comment is none', () => {
  const rows: [string, string][] = [
    ['<!-- <meta charset="koi8-r"> --><meta charset=big5>', 'big5'],
    ['<!--><meta charset=big5>', 'big5'],
    ['<!-- <meta charset="koi8-r">', 'utf-8'],
  ]
  for (const [text, charset] of rows) assert.equal(charsetOf(ascii(text), 'text/html'), charset)
})

test('a charset the caller insists on must exist', () => {
  assert.throws(() => decodeText(bytes(), null, 'utf-9'), TypeError)
})

test('text loses its mark and keeps its characters', () => {
  assert.equal(decodeText(bytes(0xef, 0xbb, 0xbf, 0xc3, 0xa9), null), 'é')
  assert.equal(decodeText(bytes(0xe9), 'text/plain; charset=iso-8859-1'), 'é')
  assert.equal(decodeText(bytes(0x61, 0xff), null), 'a\ufffd')
})

test('chunks never split a character, wherever they are cut', () => {
  for (const [label, encoding] of [
    ['utf-8', 'utf8'],
    ['utf-16le', 'utf16le'],
  ] as const) {
    const all = Buffer.from('aé€😀z', encoding)
    for (let size = 1; size <= all.length; size++) {
      const decoder = textChunks(`text/plain; charset=${label}`)
      let text = ''
      for (let at = 0; at < all.length; at += size)
        text += decoder.push(all.subarray(at, at + size))
      assert.equal(text + decoder.end(), 'aé€😀z')
    }
  }
})

test('a mark or a declaration cut in two is still seen', () => {
  const marked = textChunks(null)
  assert.equal(marked.push(bytes(0xfe)), '')
  assert.equal(marked.push(bytes(0xff, 0, 0x61)) + marked.end(), 'a')
  const html = textChunks('text/html')
  assert.equal(html.push(ascii('<meta char')), '')
  assert.equal(html.push(ascii('set=koi8-r>\xc1')), '')
  assert.equal(html.end(), '<meta charset=koi8-r>а')
})

test('a live stream of plain text does not wait', () => {
  assert.equal(textChunks('text/event-stream').push(ascii('a')), 'a')
  const misspelt = textChunks('text/html; charset=latin-99')
  assert.equal(misspelt.push(ascii('<html>')), '')
  assert.equal(
    misspelt.push(ascii('<meta charset="koi8-r">\xc1')) + misspelt.end(),
    '<html><meta charset="koi8-r">\u0430',
  )
})
