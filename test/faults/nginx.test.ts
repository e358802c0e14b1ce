/** A server of the real world. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmod, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { download, get } from '../../adapters/node/index.ts'
import { pattern } from '../harness/pattern.ts'
import { check, FAST, place } from './place.ts'
import { freePort } from '../harness/free-port.ts'

const SIZE = 16 * 1024 * 1024

test('nginx as the server: resumed, in segments, and changed in between', async (t) => {
  if (spawnSync('nginx', ['-v']).status !== 0) {
    t.skip('nginx is not installed')
    return
  }
  const { folder, path } = await place(t, 0)
  // Started by root, its workers run as another user.
  await chmod(folder, 0o755)
  const served = join(folder, 'served.bin')
  await writeFile(served, pattern(1, 0, SIZE))
  await utimes(served, 1_000_000, 1_000_000)
  const port = await freePort()
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port))
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'])
  const ended = new Promise((resolve) => nginx.on('exit', resolve))
  t.after(async () => {
    nginx.kill('SIGTERM')
    await ended
  })
  const url = `http://127.0.0.1:${String(port)}/served.bin`
  await get(url, { stream: true, retries: patience() }).then((response) => response.close())

  const whole = await download(url, path, { segments: 4 })
  assert.equal(await check(path, pattern(1, 0, SIZE)), 'whole')
  assert.match(whole.etag ?? '', /^"/)

  await stopHalfway(url, path)
  const resumed = await download(url, path, FAST)
  assert.ok(resumed.resumedFrom > 0)
  assert.equal(await check(path, pattern(1, 0, SIZE)), 'whole')

  await stopHalfway(url, path)
  await writeFile(served, pattern(2, 0, SIZE - 1000))
  const changed = await download(url, path, FAST)
  assert.equal(changed.resumedFrom, 0)
  assert.deepEqual(changed.restarts, ['the resource has changed'])
  assert.equal(await check(path, pattern(2, 0, SIZE - 1000)), 'whole')
})

async function stopHalfway(url: string, path: string): Promise<void> {
  const controller = new AbortController()
  const job = download(url, path, {
    signal: controller.signal,
    maxRate: 20_000_000,
    onProgress: ({ transferred }) => {
      if (transferred > SIZE / 3) controller.abort(new Error('enough'))
    },
  })
  await assert.rejects(job, { message: 'enough' })
}

/** nginx has no way to tell when it listens. */
function patience(): number {
  return 1000
}

function configuration(folder: string, port: number): string {
  return `
daemon off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${String(port)}; root ${folder}; }
}
`
}
