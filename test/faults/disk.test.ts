/** Disks that are full or read-only: tmpfs, where it may be mounted. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { download } from '../../adapters/node/index.ts'
import { check, FAST, place } from './place.ts'

const SIZE = 4 * 1024 * 1024

test('a full disk is one clear error; the part is kept and gone on with', async (t) => {
  const { server, folder } = await place(t, SIZE)
  const disk = await mount(t, folder, '3m')
  if (disk === null) return
  const path = join(disk, 'file.bin')
  for (const segments of [1, 3]) {
    await assert.rejects(download(server.url, path, { ...FAST, segments }), {
      code: 'DISK_FULL',
      message: /file\.bin" cannot be written: the disk is full/,
    })
    assert.deepEqual((await readdir(disk)).sort(), ['file.bin.part', 'file.bin.part.json'])
  }
  assert.equal(run('mount', ['-o', 'remount,size=16m', disk]), 0)
  const result = await download(server.url, path, FAST)
  assert.ok(result.resumedFrom > 0)
  assert.equal(await check(path, server.resource.bytes), 'whole')
  assert.deepEqual(await readdir(disk), ['file.bin'])
})

test('what cannot be resumed is removed from a full disk', async (t) => {
  const { server, folder } = await place(t, SIZE)
  const disk = await mount(t, folder, '3m')
  if (disk === null) return
  server.resource.etag = null
  await assert.rejects(download(server.url, join(disk, 'file.bin'), FAST), { code: 'DISK_FULL' })
  assert.deepEqual(await readdir(disk), [])
})

test('a directory that is read-only is one clear error', async (t) => {
  const { server, folder } = await place(t, SIZE)
  const disk = await mount(t, folder, '3m')
  if (disk === null) return
  assert.equal(run('mount', ['-o', 'remount,ro', disk]), 0)
  await assert.rejects(download(server.url, join(disk, 'file.bin')), {
    code: 'FILE_ACCESS',
    message: /file\.bin" is on a read-only file system/,
  })
  assert.equal(server.requests.length, 0)
})

async function mount(t: TestContext, folder: string, size: string): Promise<string | null> {
  const disk = join(folder, 'disk')
  await mkdir(disk)
  if (run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]) !== 0) {
    t.skip('tmpfs cannot be mounted here')
    return null
  }
  await stat(disk)
  return disk
}

function run(command: string, args: readonly string[]): number | null {
  return spawnSync(command, args).status
}
