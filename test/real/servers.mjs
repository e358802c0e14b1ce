// Real servers for a while: nginx over a folder of its own, httpbin under gunicorn. What is missing
// is installed (Debian); what cannot be had is an error, never a skip.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PACKAGES = {
  '/usr/sbin/nginx': 'nginx-light',
  '/usr/bin/gunicorn': 'gunicorn',
  '/usr/lib/python3/dist-packages/httpbin': 'python3-httpbin',
  '/usr/lib/python3/dist-packages/brotli.py': 'python3-brotli',
}

export function installServers() {
  const missing = Object.entries(PACKAGES).flatMap(([path, name]) =>
    existsSync(path) ? [] : [name],
  )
  if (missing.length === 0) return
  const options = { stdio: 'inherit' }
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...missing], options)
}

/** @returns {Promise<{url: string, text: string, bytes: Buffer, stop(): Promise<void>}>} */
export async function startNginx() {
  const folder = await mkdtemp(join(tmpdir(), 'ubiquest-nginx-'))
  const port = await freePort()
  const text = 'Ubiquest – überall. '.repeat(20_000)
  const bytes = randomBytes(5 * 1024 * 1024)
  await mkdir(join(folder, 'www'), { mode: 0o755 })
  await writeFile(join(folder, 'www/text.txt'), text)
  await writeFile(join(folder, 'www/bytes.bin'), bytes)
  await writeFile(join(folder, 'nginx.conf'), nginxConfig(folder, port))
  const args = ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'error.log')]
  const stop = start('/usr/sbin/nginx', args)
  const url = `http://127.0.0.1:${port}`
  await answers(`${url}/text.txt`)
  return {
    url,
    text,
    bytes,
    stop: async () => {
      await stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** @returns {Promise<{url: string, stop(): Promise<void>}>} */
export async function startHttpbin() {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = ['-m', 'gunicorn', '-b', `127.0.0.1:${port}`, '-k', 'gthread', '--threads', '4']
  const stop = start('/usr/bin/python3', [...args, '--log-level', 'error', 'httpbin:app'])
  await answers(`${url}/get`)
  return { url, stop }
}

function nginxConfig(folder, port) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  return `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off; ${temporary}
  types { text/plain txt; } default_type application/octet-stream; charset utf-8;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/www;
    add_header X-Connection $connection;
    location /gzip/ { alias ${folder}/www/; gzip on; gzip_types text/plain; gzip_min_length 0; }
    location /slow/ { alias ${folder}/www/; limit_rate 200k; }
    location /named/ {
      alias ${folder}/www/;
      add_header Content-Disposition "attachment; filename*=UTF-8''na%C3%AFve.bin";
    }
  }
}
`
}

/** Returns what ends it and waits for that. */
function start(file, args) {
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.once('error', (error) => {
    throw error
  })
  return async () => {
    child.kill()
    await closed
  }
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function answers(url, patienceMs = 20_000) {
  const end = Date.now() + patienceMs
  for (;;) {
    try {
      await (await fetch(url)).arrayBuffer()
      return
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
