/** The same upload out of every server runtime, each in a process of its own. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { binary } from '../harness/binary.ts'
import { startProgram } from './programs.ts'
import type { Reading } from './receivers.ts'

export type UploadJob = readonly [url: string, chunked: boolean]
export type Outcome = Reading | { readonly error: string }

/** Sends what lies in the folder, and resolves to what the parsers have read. */
export type Sender = (folder: string, jobs: readonly UploadJob[]) => Promise<Outcome[]>

export const senders: Readonly<Record<string, Sender>> = {
  node: byProcess('node', [process.execPath]),
  deno: byProcess('deno', [await binary('deno'), 'run', '-A', '--node-modules-dir=manual']),
  bun: byProcess('bun', [await binary('bun'), '--no-install']),
  workerd: inWorkerd,
}

const CHILD = join(process.cwd(), 'test/real/uploads-child.mjs')

function byProcess(runtime: string, [program = '', ...args]: readonly string[]): Sender {
  const entry = `file://${join(process.cwd(), 'dist', runtime, 'index.js')}`
  return async (folder, jobs) => {
    const child = spawn(program, [...args, CHILD, entry, folder, JSON.stringify(jobs)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    await new Promise((resolve) => child.once('close', resolve))
    const line = output.split('\n').find((each) => each.startsWith('@['))
    if (line === undefined) throw new Error(`${runtime} has said: ${output}`)
    // Printed by uploads-child.mjs.
    return JSON.parse(line.slice(1)) as Outcome[]
  }
}

/** A Worker has no files: the same bytes come in and go out as a File. */
async function inWorkerd(folder: string, jobs: readonly UploadJob[]): Promise<Outcome[]> {
  const worker = await startProgram(async (own, port) => {
    await build({
      stdin: { contents: WORKER, resolveDir: process.cwd() },
      outfile: join(own, 'worker.mjs'),
      ...{ bundle: true, format: 'esm', target: 'es2022', platform: 'browser', logLevel: 'error' },
      ...{ conditions: ['workerd'], external: ['node:*', 'cloudflare:*'] },
    })
    const config = join(own, 'config.capnp')
    await writeFile(config, configOf(folder, port))
    return [await binary('workerd'), 'serve', config]
  })
  try {
    const url = `http://127.0.0.1:${String(worker.port)}/`
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(jobs) })
    const text = await response.text()
    if (!response.ok) throw new Error(`workerd has said: ${text} ${worker.output()}`)
    // Answered by WORKER below.
    return JSON.parse(text) as Outcome[]
  } finally {
    await worker.stop()
  }
}

const WORKER = `
  import * as requests from './dist/workerd/index.js'
  import { sendAll } from './test/real/uploads-child.mjs'
  export default { async fetch(request, { DISK }) {
    const files = new Map()
    for (const name of ['größe 日本.bin', 'empty.txt']) {
      const answer = await DISK.fetch('http://disk/' + encodeURIComponent(name))
      files.set(name, new File([await answer.arrayBuffer()], name))
    }
    const disk = (name) => requests.file(files.get(name))
    return Response.json(await sendAll(requests, disk, await request.json()))
  } }`

function configOf(folder: string, port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = "${folder}"),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${String(port)}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-10-01",
  bindings = [(name = "DISK", service = "disk")],
);
`
}
