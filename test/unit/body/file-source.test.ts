/** Files: by path, Blob or handle; whole or a slice; opened for each attempt and closed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeText } from '../../../src/as-bytes.ts'
import { FileSource, fileSource } from '../../../src/body/file-source.ts'
import type { FileOptions } from '../../../src/body/file-source.ts'
import { encodeBody } from '../../../src/body/from-input.ts'
import { guessMediaType } from '../../../src/body/media-type.ts'
import type { FileSystem } from '../../../src/ports.ts'
import { readText } from './read-body.ts'

test('a path and a file: URL are opened by the file system, at each opening, and closed', async () => {
  const disk = fakeDisk('0123456789')
  for (const input of ['dir/a b.txt', new URL('file:///dir/a%20b.txt'), 'file:///dir/a%20b.txt']) {
    disk.log.length = 0
    const source = fileSource(disk.files, 'node', input)
    assert.equal(source.name, 'a b.txt')
    assert.equal(source.type, 'text/plain')
    assert.equal(source.replayable, true)
    assert.deepEqual(disk.log, [])
    assert.equal(await readText(source), '0123456789')
    assert.equal(await readText(source), '0123456789')
    assert.deepEqual(disk.log, [
      `open ${String(new URL(input, 'file:///'))}`,
      'close',
      `open ${String(new URL(input, 'file:///'))}`,
      'close',
    ])
  }
})

test('a slice of a path, a Blob, a handle', async () => {
  const blob = new File(['0123456789'], 'f.png')
  const handle = { name: 'f.png', getFile: () => Promise.resolve(blob) }
  for (const input of ['f.png', blob, handle]) {
    const make = (start?: number | null, end?: number | null): Promise<string> =>
      readText(fileSource(fakeDisk('0123456789').files, 'node', input, { start, end }))
    assert.equal(await make(2, 5), '234')
    assert.equal(await make(7), '789')
    assert.equal(await make(null, 3), '012')
    assert.equal(await make(10, 10), '')
    await assert.rejects(make(0, 11), { code: 'CONTENT_LENGTH_MISMATCH', message: /10 bytes/ })
    await assert.rejects(make(11), { code: 'CONTENT_LENGTH_MISMATCH' })
  }
})

test('a slice that lies outside closes what it opened', async () => {
  const disk = fakeDisk('01')
  await assert.rejects(fileSource(disk.files, 'node', 'x', { end: 3 }).open())
  assert.equal(disk.log.at(-1), 'close')
})

test('offsets are whole numbers in order', () => {
  for (const options of [{ start: -1 }, { start: NaN }, { end: 1.5 }, { start: 2, end: 1 }]) {
    assert.throws(() => fileSource(undefined, 'browser', new Blob(), options), {
      name: 'TypeError',
    })
  }
})

test('name and type are those given, else those of the file, else guessed', () => {
  const make = (...args: [string | Blob, object?]): string[] => {
    const { name, type } = fileSource(fakeDisk('').files, 'node', ...args)
    return [name, type]
  }
  assert.deepEqual(make('x.json'), ['x.json', 'application/json'])
  assert.deepEqual(make('x.json', { name: 'y.css' }), ['y.css', 'text/css'])
  assert.deepEqual(make('x.json', { type: null }), ['x.json', ''])
  assert.deepEqual(make('unknown'), ['unknown', ''])
  assert.deepEqual(make(new Blob()), ['blob', ''])
  assert.deepEqual(make(new File([], 'a.css', { type: 'own/type' })), ['a.css', 'own/type'])
  assert.deepEqual(make(new File([], 'a.css'), { type: 'x/y' }), ['a.css', 'x/y'])
})

test('where there are no paths, the type that a name stands for is known when it is opened', async () => {
  const make = async (blob: Blob, options?: FileOptions): Promise<unknown> => {
    const source = fileSource(undefined, 'browser', blob, options)
    return [source.type, (await source.open()).type]
  }
  assert.deepEqual(await make(new File([], 'a.css')), ['', 'text/css'])
  assert.deepEqual(await make(new Blob(), { name: 'y.json' }), ['', 'application/json'])
  assert.deepEqual(await make(new Blob(), { name: 'y.json', type: null }), ['', undefined])
  assert.deepEqual(await make(new Blob(), { name: 'y.json', type: 'x/y' }), ['x/y', undefined])
  assert.deepEqual(await make(new File([], 'a', { type: 'x/y' })), ['x/y', undefined])
  assert.deepEqual(await make(new Blob()), ['', undefined])
  const part = encodeBody({ files: { f: fileSource(undefined, 'browser', new File([], 'a.css')) } })
  assert.match(await readText(part.source), /filename="a.css"\r\nContent-Type: text\/css\r\n/)
})

test('a path where there are no files is an UnsupportedError with advice', () => {
  assert.throws(() => fileSource(undefined, 'browser', '/x'), {
    name: 'UnsupportedError',
    message: /browser.*Blob/,
  })
})

test('everything else is a TypeError that names it', () => {
  for (const input of ['', null, 5, {}, new Uint8Array(1), 'FILE://['] as string[]) {
    assert.throws(() => fileSource(undefined, 'node', input), { name: 'TypeError' })
  }
  assert.throws(() => fileSource(undefined, 'node', new URL('http://x/')), /http: ones/)
})

test('a file is a whole body with its type, or a part with its name', async () => {
  const file = fileSource(fakeDisk('abc').files, 'node', 'dir/x.svg')
  const body = encodeBody({ data: file })
  assert.equal(body.contentType, 'image/svg+xml')
  assert.equal((await body.source?.open())?.length, 3)
  const multipart = encodeBody({ files: { f: file } }, () => 'B')
  assert.match(
    await readText(multipart.source),
    /filename="x.svg"\r\nContent-Type: image\/svg\+xml\r\n\r\nabc/,
  )
})

test('an adapter may open a file by its own means', async () => {
  const blob = new Blob(['native'])
  const source = new FileSource({ name: 'n', type: '', open: () => ({ blob }) })
  assert.equal(await readText(source), 'native')
})

function fakeDisk(content: string): { files: FileSystem; log: string[] } {
  const log: string[] = []
  const unused = (): never => {
    throw new Error('not used')
  }
  const files: FileSystem = {
    open(path) {
      log.push(`open ${String(new URL(path, 'file:///'))}`)
      return Promise.resolve({
        size: content.length,
        async *read(start: number, end: number) {
          await Promise.resolve()
          yield encodeText(content.slice(start, end))
        },
        close: () => void log.push('close'),
      })
    },
    create: unused,
    isDirectory: unused,
    join: unused,
    mediaTypeOf: guessMediaType,
  }
  return { files, log }
}
