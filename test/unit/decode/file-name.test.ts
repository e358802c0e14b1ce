/** Names that servers choose, and what is left of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dispositionFileName } from '../../../src/decode/content-disposition.ts'
import { numberedFileName, safeFileName, suggestedFileName } from '../../../src/decode/file-name.ts'

/** Header, and the name it gives (RFC 6266 §5 and Appendix D, RFC 8187 §3.2.3). */
const DISPOSITIONS: readonly (readonly [string, string | null])[] = [
  ['Attachment; filename=example.html', 'example.html'],
  ['INLINE; FILENAME= "an example.html"', 'an example.html'],
  ["attachment; filename*= UTF-8''%e2%82%ac%20rates", '€ rates'],
  [`attachment; filename="EURO rates"; filename*=utf-8''%e2%82%ac%20rates`, '€ rates'],
  ["attachment; filename*=iso-8859-1'en'%A3%20rates; filename=x", '£ rates'],
  ['attachment', null],
  ['attachment; filename=', ''],
  ['attachment; filename="a;b=c.txt"; size=3', 'a;b=c.txt'],
  ['attachment; filename="a \\"quoted\\" name"', 'a "quoted" name'],
  ['attachment; filename="C:\\dir\\name.txt"', 'C:\\dir\\name.txt'],
  ['attachment; filename=first; filename=second', 'first'],
  ["attachment; filename*=UTF-8''it's%20mine.txt", "it's mine.txt"],
  ["attachment; filename*=UTF-8''bad%ZZ; filename=plain", 'plain'],
  ["attachment; filename*=UTF-8''%ff; filename=plain", 'plain'],
  ["attachment; filename*=nonsense''x; filename=plain", 'plain'],
  ['attachment; filename*=x; filename=plain', 'plain'],
  ['attachment; filename="na\u00c3\u00afve.txt"', 'naïve.txt'],
  ['attachment; filename="na\u00efve.txt"', 'naïve.txt'],
  ["attachment; filename*=UTF-8''%C3%83%C2%A9.txt", '\u00c3\u00a9.txt'],
  ['attachment; foo="filename=evil"; filename=good', 'good'],
  ['attachment; filename="never closed', 'never closed'],
]

test('Content-Disposition as RFC 6266 and RFC 8187 read it', () => {
  for (const [header, name] of DISPOSITIONS) {
    assert.equal(dispositionFileName(header), name, header)
  }
  assert.equal(dispositionFileName(null), null)
})

const NAMES: readonly (readonly [string, string | null])[] = [
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\boot.ini', 'boot.ini'],
  ['/etc/', null],
  ['..', null],
  ['.', null],
  [' . . ', null],
  ['.htaccess', 'htaccess'],
  ['name. . ', 'name'],
  ['a\0b\n.txt', 'ab.txt'],
  ['invoice\u202etxt.exe', 'invoicetxt.exe'],
  ['what? <yes>:no|*.txt', 'what_ _yes__no__.txt'],
  ['CON', '_CON'],
  ['nul.tar.gz', '_nul.tar.gz'],
  ['com1.txt', '_com1.txt'],
  ['LPT\u00b9', '_LPT\u00b9'],
  ['console.log', 'console.log'],
  ['e\u0301.txt', '\u00e9.txt'],
  ['\ud800.txt', 'txt'],
]

test('a safe name is no path, not hidden, and taken by every system', () => {
  for (const [name, safe] of NAMES) assert.equal(safeFileName(name), safe, JSON.stringify(name))
})

test('a long name keeps its extension and whole characters', () => {
  const name = safeFileName(`${'é'.repeat(300)}.tar.gz`) ?? ''
  assert.ok(name.endsWith('é.tar.gz'))
  assert.ok(Buffer.byteLength(name) <= 200)
})

test('whatever a server sends, the name stays in its folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.webUrl(), (disposition, url) => {
      const name = suggestedFileName(dispositionFileName(`a; filename="${disposition}"`), url)
      assert.doesNotMatch(name, /[/\\\0<>:"|?*]|^\.|[. ]$|^$/)
      assert.ok(Buffer.byteLength(name) <= 200)
    }),
  )
})

test('the URL names the file when the server does not', () => {
  assert.equal(suggestedFileName(null, 'https://a.test/x/caf%C3%A9.txt?y=/z'), 'café.txt')
  assert.equal(suggestedFileName('..', 'https://a.test/x/%2e%2e%2fy'), 'y')
  assert.equal(suggestedFileName(null, 'https://a.test/'), 'download')
  assert.equal(suggestedFileName(null, ''), 'download')
})

test('a name that is taken is numbered before its extension', () => {
  assert.equal(numberedFileName('a.txt', 1), 'a (1).txt')
  assert.equal(numberedFileName('a.tar.gz', 2), 'a (2).tar.gz')
  assert.equal(numberedFileName('a', 3), 'a (3)')
})

test('long headers are read in linear time', () => {
  const started = performance.now()
  dispositionFileName(`a${'; filename*="'.repeat(20_000)}`)
  dispositionFileName(`a; filename*=UTF-8''${'%'.repeat(100_000)}`)
  safeFileName('.'.repeat(200_000) + 'a' + ' '.repeat(200_000))
  assert.ok(performance.now() - started < 1000)
})
