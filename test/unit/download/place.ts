/** What the tests of downloads share: a folder, a server, and ways to leave a part behind. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { download } from '../../../adapters/node/index.ts'
import { startRangeServer } from './range-server.ts'
import type { RangeServer } from './range-server.ts'

export const SIZE = 4 * 1024 * 1024
/** Repetitions at once: the waits have tests of their own. */
export const FAST = { backoff: 0 }

export interface Place {
  readonly server: RangeServer
  readonly folder: string
  readonly path: string
}

export async function place(t: TestContext, size: number = SIZE): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'ubiquest-download-'))
  const server = await startRangeServer(size)
  t.after(async () => {
    await server.close()
    // A disk that a test has mounted there; without one this fails, which is as well.
    spawnSync('umount', [join(folder, 'disk')])
    await rm(folder, { recursive: true, force: true })
  })
  return { server, folder, path: join(folder, 'file.bin') }
}

export async function holds(path: string, bytes: Uint8Array): Promise<void> {
  assert.equal(Buffer.compare(await readFile(path), bytes), 0)
}

/** Leaves a part of this many bytes behind, as an abort does. */
export async function begin({ server, path }: Place, bytes: number): Promise<void> {
  const controller = new AbortController()
  server.cutAt = [bytes]
  const before = server.intercept
  let seen = 0
  server.intercept = (_request, response) => {
    if (seen++ === 0) return false
    controller.abort(new Error('enough'))
    response.destroy()
    return true
  }
  await assert.rejects(download(server.url, path, { ...FAST, signal: controller.signal }), {
    message: 'enough',
  })
  server.intercept = before
  server.requests.length = 0
}
