/** Multipart bodies: golden bytes, exact lengths, and what may not stand in a part. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { encodeBody } from '../../../src/body/from-input.ts'
import type { FilesInput } from '../../../src/types.ts'
import { readText } from './read-body.ts'

interface Golden {
  readonly name: string
  readonly fields: [string, string][]
  readonly files: [string, string][]
  readonly expected: string
}

const golden = JSON.parse(
  readFileSync('test/vectors/multipart/golden.json', 'utf8'),
) as readonly Golden[]

for (const { name, fields, files, expected } of golden) {
  test(`golden bytes: ${name}`, async () => {
    const { source, contentType } = encodeBody({ data: fields, files }, () => 'BOUNDARY')
    assert.equal(contentType, 'multipart/form-data; boundary=BOUNDARY')
    assert.equal(await readText(source), expected)
  })
}

test('an object and pairs, lists and single files are the same', async () => {
  const expected = await partsOf([
    ['a', ['1.txt', 'x']],
    ['a', ['2.txt', 'y']],
  ])
  assert.deepEqual(
    await partsOf({
      a: [
        ['1.txt', 'x'],
        ['2.txt', 'y'],
      ],
    }),
    expected,
  )
  assert.deepEqual(
    await partsOf([
      [
        'a',
        [
          ['1.txt', 'x'],
          ['2.txt', 'y'],
        ],
      ] as never,
    ]),
    expected,
  )
  assert.equal(expected.length, 2)
})

test('fields stand before files, whatever order the caller wrote', async () => {
  const { source } = encodeBody({ files: { f: 'x' }, data: { b: ['1', '2'], none: null, a: 3 } })
  const names = [...(await readText(source)).matchAll(/ name="(\w+)"/g)].map((match) => match[1])
  assert.deepEqual(names, ['b', 'b', 'a', 'f'])
})

test('data beside files that has no fields is a TypeError', () => {
  for (const data of ['x', new Uint8Array(1), () => 'x', new Blob([])]) {
    throws(() => encodeBody({ data, files: { f: 'x' } }), /data beside files/)
  }
})

test('a FormData is encoded as a browser would, by our encoder', async () => {
  const form = new FormData()
  form.append('text', 'a\nb')
  form.append('file', new File(['x\ny'], 'n"1.txt', { type: 'text/x' }))
  form.append('file', new Blob(['z']))
  assert.deepEqual(parts((await encodeMultipart({ data: form })) ?? ''), [
    'Content-Disposition: form-data; name="text"\r\n\r\na\r\nb',
    'Content-Disposition: form-data; name="file"; filename="n%221.txt"\r\nContent-Type: text/x\r\n\r\nx\ny',
    'Content-Disposition: form-data; name="file"; filename="blob"\r\nContent-Type: application/octet-stream\r\n\r\nz',
  ])
  assert.equal(parts(await encodeMultipart({ data: form, files: { f: '' } })).length, 4)
})

test('an empty FormData is the closing delimiter', async () => {
  assert.equal(await encodeMultipart({ data: new FormData() }), '--B--\r\n')
})

test('the name and the type come from the file unless given', async () => {
  const file = new File(['x'], 'own.bin', { type: 'own/type' })
  const [own, renamed, typed, untyped, field] = await partsOf([
    ['f', file],
    ['f', ['new.png', file]],
    ['f', ['new.png', file, 'other/type']],
    ['f', ['new.png', file, null]],
    ['f', [null, file]],
  ])
  assert.match(own ?? '', /filename="own.bin"\r\nContent-Type: own\/type/)
  assert.match(renamed ?? '', /filename="new.png"\r\nContent-Type: own\/type/)
  assert.match(typed ?? '', /filename="new.png"\r\nContent-Type: other\/type/)
  assert.match(untyped ?? '', /filename="new.png"\r\n\r\nx/)
  assert.match(field ?? '', /name="f"\r\nContent-Type: own\/type/)
})

test('only the last part of a path becomes a file name', async () => {
  const bunFile = Object.assign(new Blob(['x']), { name: 'dir/sub/photo.jpg' })
  const readStream = Object.assign(new Response('x').body ?? new ReadableStream(), {
    path: '/home/me/photo.jpg',
  })
  for (const file of [bunFile, readStream]) {
    assert.match(
      (await partsOf({ f: file }))[0] ?? '',
      /filename="photo.jpg"\r\nContent-Type: image\/jpeg/,
    )
  }
})

test('names that are properties of every object are guessed to be nothing', async () => {
  for (const name of ['x.constructor', 'x.__proto__', 'png']) {
    assert.match(
      (await partsOf({ f: [name, ''] }))[0] ?? '',
      /Content-Type: application\/octet-stream/,
    )
  }
})

test('a Content-Type among the headers of a part is its type', async () => {
  const [part] = await partsOf({
    f: ['a.txt', '', undefined as never, { 'content-type': 'own/type', x: null }],
  })
  assert.match(part ?? '', /filename="a.txt"\r\nContent-Type: own\/type\r\n\r\n$/)
})

test('the length is exact without reading; one stream makes it unknown', async () => {
  const known = encodeBody({ files: { a: new Blob(['12345']), b: 'ü' } }, () => 'B').source
  const opened = await known?.open()
  assert.equal(opened?.length, new TextEncoder().encode(await readText(known)).length)
  const unknown = encodeBody({ files: { a: new Blob(['x']), b: new Set(['y']) } }).source
  assert.equal(unknown?.replayable, false)
  assert.equal((await unknown?.open())?.length, null)
  await assert.rejects(async () => unknown?.open(), { name: 'UnrewindableBodyError' })
})

test('all attempts share one boundary', async () => {
  const { source } = encodeBody({ files: { a: 'x' } })
  assert.equal(source?.replayable, true)
  assert.equal(await readText(source), await readText(source))
})

test('what has been opened is closed when a later part cannot be', async () => {
  let closed = 0
  const good = {
    replayable: true,
    open: () => ({ length: 0, pieces: [], close: () => void (closed += 1) }),
  }
  const bad = { replayable: true, open: () => Promise.reject(new Error('gone')) }
  await assert.rejects(partsOf({ a: good, b: good, c: bad }), { message: 'gone' })
  assert.equal(closed, 2)
})

test('no name, type or header can add a line to the head of a part', () => {
  const evil = 'x\r\nX-Evil: 1'
  throws(() => encodeBody({ files: { f: ['a', '', evil] } }), /media type/)
  throws(() => encodeBody({ files: { f: ['a', '', 'text'] } }), /media type/)
  throws(() => encodeBody({ files: { f: ['a', '', ''] } }), /media type/)
  const blob = { ...source(), type: evil }
  throws(() => encodeBody({ files: { f: blob } }), /media type/)
  for (const headers of [{ 'X-A': evil }, { [evil]: 'x' }]) {
    assert.throws(() => encodeBody({ files: { f: ['a', '', null, headers] } }), {
      name: 'InvalidHeaderError',
    })
  }
  for (const name of ['Content-Disposition', 'content-length', 'TRANSFER-ENCODING']) {
    throws(() => encodeBody({ files: { f: ['a', '', null, { [name]: 'x' }] } }), /header/)
  }
})

test('content that is none is a TypeError that names the file', () => {
  const wrong: unknown[] = [null, undefined, 5, {}, new FormData(), () => 'x']
  for (const content of wrong) {
    throws(() => encodeBody({ files: { name: content as string } }), /content of "name"/)
    throws(() => encodeBody({ files: [['name', ['a', content as string]]] }), /content of "name"/)
  }
  for (const tuple of [['a'], ['a', 'b', 'c', {}, 'e'], [null]]) {
    throws(() => encodeBody({ files: { name: tuple as never } }), /file of "name"/)
  }
  throws(() => encodeBody({ files: { name: ['a', 'b', 5 as never] } }), /media type/)
  throws(() => encodeBody({ files: new FormData() as never }), /Pass a FormData as data/)
  throws(() => encodeBody({ files: new Map([['a', 'b']]) as never }), /class Map/)
  throws(() => encodeBody({ files: ['a', 'b'] as never }), /pairs only/)
})

function source(): { replayable: boolean; open: () => never } {
  return {
    replayable: true,
    open: () => {
      throw new Error('never opened')
    },
  }
}

async function partsOf(files: FilesInput): Promise<string[]> {
  return parts(await encodeMultipart({ files }))
}

async function encodeMultipart(input: Parameters<typeof encodeBody>[0]): Promise<string> {
  return readText(encodeBody(input, () => 'B').source)
}

function parts(body: string): string[] {
  return body.split(/(?:^|\r\n)--B(?:--)?\r\n/).slice(1, -1)
}

function throws(run: () => unknown, message: RegExp): void {
  assert.throws(run, { name: 'TypeError', message })
}
