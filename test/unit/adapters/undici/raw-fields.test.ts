/** Header fields as undici brings them: every octet is kept, and many are decoded at once. */
import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { it } from 'node:test'
import { RawFields } from '../../../../adapters/undici/raw-fields.ts'
import type { HeaderPairs } from '../../../../src/ports.ts'

function listed(raw: ConstructorParameters<typeof RawFields>[0]): HeaderPairs {
  return new RawFields(raw).pairs()
}

const LATIN1 = String.fromCharCode(...Array.from({ length: 95 }, (_, at) => 0xa1 + at))

function fields(count: number): [string, string][] {
  return Array.from({ length: count }, (_, n) => [`X-Field-${String(n)}`, `${String(n)} ${LATIN1}`])
}

/** The head of an answer, and a view on it for each name and value. */
function viewsOf(pairs: readonly (readonly [string, string])[], before = ''): Buffer[] {
  const text = `${before}${pairs.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{}`
  const bytes = Uint8Array.from(text, (each) => each.charCodeAt(0))
  let at = before.length
  return pairs.flatMap(([name, value]) => {
    const from = at
    at += name.length + value.length + 4
    return [
      Buffer.from(bytes.buffer, from, name.length),
      Buffer.from(bytes.buffer, from + name.length + 2, value.length),
    ]
  })
}

it('a hundred fields are decoded at once', (t) => {
  const pairs = fields(100)
  let decoded = 0
  t.mock.method(Buffer.prototype, 'toString', function (this: Buffer) {
    decoded += 1
    return String.fromCharCode(...this)
  })
  assert.deepEqual(listed(viewsOf(pairs, 'HTTP/1.1 200 OK\r\n')), pairs)
  assert.equal(decoded, 1)
})

it('many fields make no warning that something is deprecated', async () => {
  const warned: Error[] = []
  const listen = (warning: Error): void => void warned.push(warning)
  process.on('warning', listen)
  listed(viewsOf(fields(100)))
  await nextTurn()
  process.off('warning', listen)
  assert.deepEqual(warned, [])
})

it('a few fields, and no fields', () => {
  assert.deepEqual(listed(viewsOf(fields(2))), fields(2))
  assert.deepEqual(listed([]), [])
})

it('fields that came in several pieces', () => {
  const [first, second] = [fields(20), fields(30)]
  assert.deepEqual(listed([...viewsOf(first), ...viewsOf(second)]), [...first, ...second])
  // What was cut in two was put together elsewhere, whichever field that was.
  for (const at of [0, 7, 39]) {
    const raw = viewsOf(first).map((view, n) =>
      n === at ? Buffer.from(Uint8Array.from(view).buffer) : view,
    )
    assert.deepEqual(listed(raw), first)
  }
})

it('views that lie in another order than they came', () => {
  const pairs = fields(20)
  const raw = viewsOf(pairs)
  const turned = [...pairs.slice(10), ...pairs.slice(0, 10)]
  assert.deepEqual(listed([...raw.slice(20), ...raw.slice(0, 20)]), turned)
})

it('text among bytes, as HTTP/2 may bring it, and white space that follows a value', () => {
  const pairs = fields(20)
  const raw = viewsOf(pairs.map(([name, value]) => [name, `${value} \t `]))
  assert.deepEqual(listed([...raw, 'X-Text', 'text  ']), [...pairs, ['X-Text', 'text']])
})

it('a field is found by its name as in the list of all', () => {
  const pairs: [string, string][] = [
    ['X-Twice', '1'],
    ['Set-Cookie', 'a=1, b'],
    ...fields(20),
    ['x-twice', '2 '],
    ['SET-COOKIE', 'c=2'],
  ]
  for (const raw of [viewsOf(pairs), pairs.flat()]) {
    const found = new RawFields(raw)
    assert.equal(found.get('X-TWICE'), '1, 2')
    assert.equal(found.get('x-field-7'), `7 ${LATIN1}`)
    assert.equal(found.get('x-field'), null)
    assert.deepEqual(found.getSetCookie(), ['a=1, b', 'c=2'])
  }
  assert.deepEqual(new RawFields([]).getSetCookie(), [])
})

it('what has been read may be written over before a field is looked at', () => {
  for (const count of [2, 20]) {
    const raw = viewsOf(fields(count))
    const found = new RawFields(raw)
    new Uint8Array(raw[0]?.buffer ?? new ArrayBuffer(0)).fill(0x21)
    assert.equal(found.get('x-field-1'), `1 ${LATIN1}`)
    assert.deepEqual(found.pairs(), fields(count))
  }
})
