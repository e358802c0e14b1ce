/** Processes that are killed at random points, and go on the next time. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { check, place, randomOf } from './place.ts'

const SIZE = 8 * 1024 * 1024
const CHUNK = 32 * 1024
const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url))
const KILLS = Number(process.env['KILLS'] ?? '200')

test(`${String(KILLS)} kills -9 at random points never leave wrong bytes`, async (t) => {
  const { server, folder, path } = await place(t, SIZE)
  const random = randomOf(7)
  let sent = 0
  let onSent = (): void => undefined
  server.intercept = (request, response): boolean => {
    void drip(request, response, (bytes) => {
      sent += bytes
      onSent()
    })
    return true
  }

  async function drip(
    request: IncomingMessage,
    response: ServerResponse,
    told: (bytes: number) => void,
  ): Promise<void> {
    const found = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const start = Number(found?.[1] ?? 0)
    const end = found?.[2] === undefined || found[2] === '' ? SIZE : Number(found[2]) + 1
    response.writeHead(found === null ? 200 : 206, {
      ETag: '"v1"',
      'Content-Length': String(end - start),
      ...(found === null
        ? {}
        : { 'Content-Range': `bytes ${String(start)}-${String(end - 1)}/${String(SIZE)}` }),
    })
    for (let at = start; at < end && !response.destroyed; at += CHUNK) {
      const bytes = server.resource.bytes.subarray(at, Math.min(end, at + CHUNK))
      await new Promise<void>((resolve) => response.write(bytes, () => resolve()))
      told(bytes.length)
      // About 12 MiB/s, so that records are written on the way: that is what is tested.
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    response.end()
  }

  let [killed, finished, resumed, segments] = [0, 0, 0, 1]
  while (killed < KILLS) {
    sent = 0
    // Beyond the end now and then: those come through.
    const limit = Math.floor(random() * SIZE * 0.5)
    const child = start([server.url, path, String(segments)])
    onSent = (): void => {
      if (sent >= limit) child.process.kill('SIGKILL')
    }
    const outcome = await child.ended
    if (outcome === 'SIGKILL') {
      killed++
      // A kill may come right after the rename: then it is whole.
      if ((await check(path, server.resource.bytes)) === 'nothing') continue
    } else {
      assert.equal(outcome, 0, child.output())
      if ((JSON.parse(child.output()) as { resumedFrom: number }).resumedFrom > 0) resumed++
      assert.equal(await check(path, server.resource.bytes), 'whole')
      assert.deepEqual(await readdir(folder), ['file.bin'])
    }
    finished++
    segments = segments === 1 ? 3 : 1
    await rm(path)
  }
  t.diagnostic(`${String(killed)} kills, ${String(finished)} finished, ${String(resumed)} resumed`)
  assert.ok(finished > 0 && resumed > 0)
})

function start(args: readonly string[]): {
  readonly process: ChildProcess
  readonly ended: Promise<number | string | null>
  output(): string
} {
  const child = spawn(process.execPath, [CHILD, ...args])
  let text = ''
  const keep = (data: Buffer): void => {
    text += data.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? code)),
  )
  return { process: child, ended, output: () => text }
}
