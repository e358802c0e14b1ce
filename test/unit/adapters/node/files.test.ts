/** Files by path: what is read and what is written. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { files } from '../../../../adapters/node/files.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubiquest-'))
})
after(() => rm(folder, { recursive: true }))

async function readAll(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
    parts.push(step.value)
  }
  return new Uint8Array(Buffer.concat(parts))
}

describe('a file that is read', () => {
  it('gives its bytes, whole and in ranges', async () => {
    const path = join(folder, 'in.bin')
    const bytes = new Uint8Array(1_500_000).map((_, at) => at % 253)
    await writeFile(path, bytes)
    for (const input of [path, pathToFileURL(path)]) {
      const file = await files.open(input)
      assert.equal(file.size, bytes.length)
      assert.deepEqual(await readAll(file.read(0, file.size)), bytes)
      assert.deepEqual(await readAll(file.read(10, 20)), bytes.slice(10, 20))
      assert.equal(await file.changed?.(), false)
      await file.close()
    }
  })

  const skip = process.platform !== 'linux'
  it('is refused where it has no size, instead of going out as nothing', { skip }, async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    // Else the opening would wait for somebody who writes.
    const writer = await open(pipe, 'r+')
    for (const path of [pipe, '/dev/zero', '/proc/version']) {
      await assert.rejects(files.open(path), { code: 'FILE_WITHOUT_SIZE' })
    }
    await writer.close()
    const empty = join(folder, 'empty')
    await writeFile(empty, '')
    const file = await files.open(empty)
    assert.equal(file.size, 0)
    await file.close()
  })

  it('lends memory that is used again only when two more pieces have been asked for', async () => {
    const path = join(folder, 'lent.bin')
    const size = 20 * 512 * 1024 + 1000
    const bytes = Buffer.alloc(size, 'a line whose length is prime to the pieces.\n')
    await writeFile(path, bytes)
    const file = await files.open(path)
    const reader = file.read(0, size, true)
    const memory = new Set<ArrayBufferLike>()
    let at = 0
    let before: { start: number; piece: Uint8Array } = { start: 0, piece: new Uint8Array() }
    for (let step = await reader.next(); step.done !== true; step = await reader.next()) {
      const piece = step.value
      memory.add(piece.buffer)
      assert.ok(bytes.subarray(at, at + piece.length).equals(piece))
      // The one before is still what it was, although the next one is being read by now.
      const { start, piece: last } = before
      assert.ok(bytes.subarray(start, start + last.length).equals(last))
      before = { start: at, piece }
      at += piece.length
    }
    assert.equal(at, size)
    // Three, and the short one at the end.
    assert.equal(memory.size, 4)
    await file.close()
  })

  it('says that it has changed', async () => {
    const path = join(folder, 'shrinks.bin')
    await writeFile(path, new Uint8Array(1000))
    const file = await files.open(path)
    await truncate(path, 10)
    assert.equal((await readAll(file.read(0, 1000))).length, 10)
    assert.equal(await file.changed?.(), true)
    await file.close()
  })

  it('that is missing or a directory is an error with a code', async () => {
    await assert.rejects(files.open(join(folder, 'none')), { code: 'FILE_NOT_FOUND' })
    await assert.rejects(files.open(folder), { code: 'FILE_IS_DIRECTORY' })
  })
})

describe('a file that is written', () => {
  it('stands under its name only when it is complete', async () => {
    const path = join(folder, 'out.bin')
    const sink = await files.create(path)
    const piece = new Uint8Array(300_000).fill(7)
    for (let count = 0; count < 10; count++) await sink.write(piece)
    assert.equal((await readdir(folder)).includes('out.bin'), false)
    assert.equal(await sink.commit(), path)
    await sink.discard()
    assert.equal((await readFile(path)).length, 3_000_000)
    assert.equal((await readdir(folder)).filter((name) => name.endsWith('.part')).length, 0)
  })

  it('may have a name as long as file systems take', async () => {
    for (const name of ['x'.repeat(255), '\u20ac'.repeat(85)]) {
      const sink = await files.create(join(folder, name))
      assert.equal(await sink.commit(), join(folder, name))
    }
  })

  it('leaves nothing behind when it is discarded', async () => {
    const sink = await files.create(join(folder, 'gone.bin'))
    await sink.write(new Uint8Array(2_000_000))
    await sink.discard()
    assert.equal((await readdir(folder)).filter((name) => name.includes('gone')).length, 0)
    await assert.rejects(sink.write(new Uint8Array(1)), { code: 'FILE_CLOSED' })
  })

  it('replaces what was there, and keeps small pieces in order', async () => {
    const path = join(folder, 'text.txt')
    await writeFile(path, 'old and much longer than the new text')
    const sink = await files.create(path)
    for (const word of ['a', 'b', 'c']) await sink.write(new TextEncoder().encode(word))
    await sink.commit()
    assert.equal(await readFile(path, 'utf8'), 'abc')
  })

  it('needs a directory that is there', async () => {
    await assert.rejects(files.create(join(folder, 'none', 'x')), { code: 'FILE_NOT_FOUND' })
    await assert.rejects(
      files.create(folder).then((sink) => sink.commit()),
      {
        code: 'FILE_IS_DIRECTORY',
      },
    )
  })

  it('never leaves its directory by its name', () => {
    assert.equal(files.join('/tmp/x', '../../etc/passwd'), join('/tmp/x', 'passwd'))
  })
})
