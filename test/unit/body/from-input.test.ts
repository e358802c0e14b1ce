/** The table of what an input becomes. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { encodeBody } from '../../../src/body/from-input.ts'
import type { BodyInput } from '../../../src/body/from-input.ts'
import type { BodySource } from '../../../src/ports.ts'
import { readText } from './read-body.ts'

const FORM = 'application/x-www-form-urlencoded'

test('no input is no body', () => {
  const inputs: BodyInput[] = [{}, { data: null }, { data: {} }, { data: [] }, { files: null }]
  for (const input of [...inputs, { files: {} }, { files: [] }, { json: undefined }]) {
    assert.deepEqual(encodeBody(input), { source: null, contentType: null })
  }
})

test('json: undefined is none, null is the document', async () => {
  assert.deepEqual(await encoded({ json: null }), ['null', 'application/json'])
  assert.deepEqual(await encoded({ json: { a: 'ü' } }), ['{"a":"ü"}', 'application/json'])
  assert.deepEqual(await encoded({ json: 0, data: null, files: [] }), ['0', 'application/json'])
})

test('json that is none is a TypeError that says why', () => {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  throws({ json: cycle }, /cannot be written as JSON: .*circular/)
  throws({ json: { big: 1n } }, /cannot be written as JSON: .*BigInt/)
  throws({ json: () => 1 }, /not function/)
  const own = new RangeError('own')
  const json = {
    toJSON() {
      throw own
    },
  }
  assert.throws(
    () => encodeBody({ json }),
    (error) => error === own,
  )
})

test('json together with data or files is a TypeError', () => {
  throws({ json: 1, data: 'x' }, /together with data or files.*as a part/)
  throws({ json: null, files: { a: 'x' } }, /together with data or files/)
})

test('objects and pairs are forms', async () => {
  const data = { b: '1 2', a: ['x', null, 'y'], n: 5, t: true, none: undefined, big: 3n }
  assert.deepEqual(await encoded({ data }), ['b=1+2&a=x&a=y&n=5&t=true&big=3', FORM])
  const pairs = [
    ['a', '1'],
    ['a', ['2', '3']],
    ['', ''],
  ] as const
  assert.deepEqual(await encoded({ data: pairs }), ['a=1&a=2&a=3&=', FORM])
  assert.deepEqual(await encoded({ data: { a: null } }), ['', FORM])
  assert.deepEqual(await encoded({ data: new URLSearchParams('a=1&a=2') }), ['a=1&a=2', FORM])
})

test('only own properties are fields, also of objects without a prototype', async () => {
  const bare = Object.create(null) as Record<string, string>
  bare['__proto__'] = 'x'
  assert.deepEqual(await encoded({ data: bare }), ['__proto__=x', FORM])
  throws({ data: Object.create({ inherited: 'x' }) as Record<string, string> }, /not an object/)
})

test('form values that have no text are a TypeError that names the field', () => {
  throws({ data: { a: new Date(0) as unknown as string } }, /Form field "a".*json/)
  throws({ data: { a: [['x']] as unknown as string } }, /Form field "a"/)
  const wrongName: unknown = [[1, 'x']]
  throws({ data: wrongName as string }, /name of a form field/)
})

test('strings and bytes go as they are, without a type', async () => {
  const bytes = new TextEncoder().encode('xäy')
  const middle = bytes.subarray(1, 3)
  for (const data of ['ä', middle, bytes.buffer.slice(1, 3), new DataView(bytes.buffer, 1, 2)]) {
    assert.deepEqual(await encoded({ data }), ['ä', null])
  }
  assert.deepEqual(await encoded({ data: '' }), ['', null])
  const list = encodeBody({ data: ['a', middle] })
  assert.equal(await readText(list.source), 'aä')
  assert.equal(list.source?.replayable, true)
  const many = Array.from({ length: 300_000 }, () => 'x')
  assert.equal((await readText(encodeBody({ data: many }).source)).length, 300_000)
})

test('a Blob has its type, a stream has none', async () => {
  assert.deepEqual(await encoded({ data: new Blob(['x'], { type: 'a/b' }) }), ['x', 'a/b'])
  assert.deepEqual(await encoded({ data: new Blob(['x']) }), ['x', null])
  assert.deepEqual(await encoded({ data: new Response('x').body ?? '' }), ['x', null])
  assert.deepEqual(await encoded({ data: new Set(['x', 'y']) }), ['xy', null])
})

test('objects that hold a stream are that stream', async () => {
  const holders = [
    new Response('x'),
    { readable: new Response('x').body },
    { body: new Response('x').body, size: 1 },
    { createReadStream: () => Readable.from(['x']) },
  ]
  for (const data of holders) {
    assert.deepEqual(await encoded({ data: data as unknown as string }), ['x', null])
  }
  const sized = encodeBody({ data: { body: new Response('x').body, size: 1 } })
  assert.equal((await sized.source?.open())?.length, 1)
})

test('a source of bodies is taken as it is', async () => {
  const own: BodySource = {
    replayable: true,
    open: () => ({ length: 0, pieces: [], close: () => undefined }),
  }
  assert.equal(encodeBody({ data: own }).source, own)
})

test('a function is called once per attempt', async () => {
  let calls = 0
  const { source, contentType } = encodeBody({
    data: async () => {
      calls += 1
      return Promise.resolve(new Set([`attempt ${String(calls)}`]))
    },
  })
  assert.equal(contentType, null)
  assert.equal(source?.replayable, true)
  assert.equal(calls, 0)
  assert.equal(await readText(source), 'attempt 1')
  assert.equal(await readText(source), 'attempt 2')
})

test('what a function returns is read as if it were given itself, with its type', async () => {
  const form = new FormData()
  form.append('a', 'b')
  const made: readonly (readonly [unknown, string | null, string])[] = [
    [form, 'multipart/form-data; boundary=edge', 'name="a"'],
    [{ a: ['b', 'c'] }, 'application/x-www-form-urlencoded', 'a=b&a=c'],
    [new URLSearchParams('a=b'), 'application/x-www-form-urlencoded', 'a=b'],
    [new Blob(['x'], { type: 'text/x-own' }), 'text/x-own', 'x'],
    ['text', null, 'text'],
    [{}, null, ''],
  ]
  for (const [value, type, text] of made) {
    const { source, contentType } = encodeBody({ data: () => value as string }, () => 'edge')
    assert.equal(contentType, null)
    const open = await source?.open()
    assert.equal(open?.type, type)
    assert.ok((await readText(source)).includes(text))
  }
})

test('a function that returns the same stream again, or no body, fails', async () => {
  const stream = new Set(['x'])
  const same = encodeBody({ data: () => stream }).source
  await readText(same)
  await assert.rejects(readText(same), { name: 'UnrewindableBodyError' })
  for (const wrong of [null, undefined, 5, () => 'x']) {
    const { source } = encodeBody({ data: () => wrong as unknown as string })
    await assert.rejects(readText(source), {
      name: 'TypeError',
      message: /function given as a body/,
    })
  }
})

test('objects of another realm count as what they are', async () => {
  const realm = createContext({})
  const make = (code: string): string => runInContext(code, realm) as string
  assert.deepEqual(await encoded({ data: make('({ a: 1 })') }), ['a=1', FORM])
  assert.deepEqual(await encoded({ data: make('[["a", 1]]') }), ['a=1', FORM])
  assert.deepEqual(await encoded({ data: make('new Uint8Array([120])') }), ['x', null])
  assert.deepEqual(await encoded({ data: make('new Uint8Array([120]).buffer') }), ['x', null])
  assert.deepEqual(await encoded({ data: make('(function* () { yield "x" })()') }), ['x', null])
})

test('everything else is a TypeError that names what was given', () => {
  const wrong: [unknown, RegExp][] = [
    [5, /not number/],
    [true, /not boolean/],
    [Symbol('x'), /not symbol/],
    [new Date(0), /class Date/],
    [Promise.resolve('x'), /class Promise/],
    [new URL('http://x/'), /class URL/],
    [[1, 2], /not number/],
    [[['a', 'b'], 'c'], /class Array/],
  ]
  for (const [data, message] of wrong) throws({ data: data as string }, message)
  throws({ files: 'x' as unknown as null }, /files must be an object/)
})

async function encoded(input: BodyInput): Promise<[string, string | null]> {
  const { source, contentType } = encodeBody(input)
  return [await readText(source), contentType]
}

function throws(input: BodyInput, message: RegExp): void {
  assert.throws(() => encodeBody(input), { name: 'TypeError', message })
}
