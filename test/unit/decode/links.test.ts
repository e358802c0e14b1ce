/** The Link header, well-formed and not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLinks } from '../../../src/decode/links.ts'

const base = 'https://api.example/items?page=2'
const plain = (header: string | null) =>
  JSON.parse(JSON.stringify(parseLinks(header, base))) as unknown

test('links are found by relation, with absolute targets', () => {
  assert.deepEqual(plain('<?page=3>; rel="next", </items>;rel=first;title="a, \\"b\\"; c"'), {
    next: { rel: 'next', url: 'https://api.example/items?page=3' },
    first: { rel: 'first', title: 'a, "b"; c', url: 'https://api.example/items' },
  })
})

test('several relations give several entries, none gives the URL', () => {
  assert.deepEqual(Object.keys(parseLinks('</a>; rel="prev  start", </b>', base)), [
    'prev',
    'start',
    'https://api.example/b',
  ])
})

test('names are lower-cased, and of two parameters the first counts', () => {
  assert.deepEqual(plain('</a>; REL=x; rel=y; Type="text/html"; flag'), {
    x: { rel: 'x', type: 'text/html', flag: '', url: 'https://api.example/a' },
  })
})

test('apostrophes around a value are left out, as requests does', () => {
  assert.deepEqual(plain(`</a>; rel='next'; title*=UTF-8''x; b='`), {
    next: { rel: 'next', 'title*': "UTF-8''x", b: "'", url: 'https://api.example/a' },
  })
})

test('what is malformed is skipped and never throws', () => {
  for (const header of [
    null,
    '',
    ',,;',
    'no link',
    '<a',
    '<',
    '>',
    '</a>;rel="',
    '</a>;=;=',
    '</a>;rel="\\',
  ]) {
    assert.doesNotThrow(() => parseLinks(header, base))
  }
  assert.deepEqual(Object.keys(parseLinks('<http://[>; rel=a', base)), ['a'])
})

test('names from the wire touch no prototype', () => {
  const links = parseLinks('</a>; rel=__proto__; __proto__=x, </b>; rel=constructor', base)
  assert.deepEqual(Object.keys(links), ['__proto__', 'constructor'])
  assert.equal(({} as Record<string, unknown>)['url'], undefined)
})

test('a long header takes linear time', () => {
  for (const part of ['<', '</a>;', '</a>;rel="', ';', '</a>,', '</a>; =']) {
    const started = performance.now()
    parseLinks(part.repeat(20_000), base)
    assert.ok(performance.now() - started < 1000, part)
  }
})
