/** Parsers that others have written, each behind a port: what they read of a form, as JSON. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import busboy from 'busboy'
import { findProgram, startProgram } from './programs.ts'
import type { Program } from './programs.ts'

export interface Reading {
  /** Sorted by name; parts of one name keep their order. */
  readonly fields: [name: string, value: string][]
  /** The type is null where the parser does not keep it. */
  readonly files: [
    name: string,
    filename: string,
    type: string | null,
    size: number,
    sha256: string,
  ][]
}

export interface Receivers {
  /** Base URLs by the name of the parser. */
  readonly urls: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export async function startReceivers(): Promise<Receivers> {
  installParsers()
  const server = createServer((request, response) => {
    const read = request.url?.endsWith('formidable') === true ? byFormidable : byBusboy
    read(request).then(
      (reading) => response.end(JSON.stringify(reading)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // Holds for a server that listens on TCP.
  const { port } = server.address() as AddressInfo
  const script = resolve('test/real/receiver.py')
  const python = await startProgram((_folder, free) =>
    Promise.resolve(['/usr/bin/python3', script, String(free)]),
  )
  return {
    urls: {
      busboy: `http://127.0.0.1:${String(port)}/busboy`,
      formidable: `http://127.0.0.1:${String(port)}/formidable`,
      werkzeug: `http://127.0.0.1:${String(python.port)}/werkzeug`,
      'python-multipart': `http://127.0.0.1:${String(python.port)}/python-multipart`,
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await python.stop()
    },
  }
}

/** Debian's packages, where they are missing; what cannot be had is an error, never a skip. */
function installParsers(): void {
  const probe = ['-c', 'import multipart, werkzeug']
  if (spawnSync('/usr/bin/python3', probe).status === 0) return
  const packages = ['python3-multipart', 'python3-werkzeug']
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages])
}

/** nginx before all of them: `/on/busboy` keeps the request until it is complete, `/off/busboy`
 *  hands it on as it comes. Null where there is no nginx. */
export async function startProxy(urls: Receivers['urls']): Promise<Program | null> {
  const nginx = findProgram('nginx')
  if (nginx === null) return null
  return await startProgram(async (folder, port) => {
    const places = Object.entries(urls).flatMap(([name, url]) =>
      ['on', 'off'].map(
        (buffering) =>
          `location /${buffering}/${name} { proxy_pass ${url}; proxy_http_version 1.1; ` +
          `proxy_request_buffering ${buffering}; }`,
      ),
    )
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    )
    await writeFile(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
      events {}
      http { access_log off; client_max_body_size 0; ${folders.join(' ')}
        server { listen 127.0.0.1:${String(port)}; ${places.join('\n')} } }`,
    )
    return [nginx, '-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'error.log')]
  })
}

async function byBusboy(request: IncomingMessage): Promise<Reading> {
  const reading: Reading = { fields: [], files: [] }
  const options = { headers: request.headers, preservePath: true, defParamCharset: 'utf8' }
  const parser = busboy(options)
  parser.on('field', (name, value) => reading.fields.push([name, value]))
  parser.on('file', (name, content, { filename = '', mimeType }: Partial<busboy.FileInfo>) => {
    const hash = createHash('sha256')
    let size = 0
    content.on('data', (chunk: Buffer) => {
      size += chunk.length
      hash.update(chunk)
    })
    content.on('end', () =>
      reading.files.push([name, filename, mimeType ?? null, size, hash.digest('hex')]),
    )
  })
  await new Promise((done, failed) => {
    parser.once('close', done)
    parser.once('error', failed)
    request.pipe(parser)
  })
  return reading
}

/** The part of formidable that is used: it has no types of its own. */
interface FormidableFile {
  readonly originalFilename: string
  readonly mimetype: string
  readonly size: number
  readonly hash: string
}
interface Formidable {
  on(event: 'field', listener: (name: string, value: string) => void): void
  on(event: 'file', listener: (name: string, file: FormidableFile) => void): void
  parse(request: IncomingMessage): Promise<unknown>
}

export async function byFormidable(request: IncomingMessage): Promise<Reading> {
  const name: string = 'formidable'
  const { default: formidable } = (await import(name)) as {
    default: (options: object) => Formidable
  }
  const reading: Reading = { fields: [], files: [] }
  const form = formidable({
    allowEmptyFiles: true,
    minFileSize: 0,
    maxFileSize: Infinity,
    maxTotalFileSize: Infinity,
    hashAlgorithm: 'sha256',
    // Counted and hashed by formidable itself; nothing is kept.
    fileWriteStreamHandler: () => new Writable({ write: (_chunk, _encoding, done) => done() }),
  })
  form.on('field', (field, value) => reading.fields.push([field, value]))
  form.on('file', (field, { originalFilename, mimetype, size, hash }) =>
    reading.files.push([field, originalFilename, mimetype, size, hash]),
  )
  await form.parse(request)
  return reading
}
