/** Other people's programs for a test: found, started on a free port of loopback, ended by their id. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from '../harness/free-port.ts'

export interface Program {
  readonly port: number
  readonly folder: string
  /** What it has printed so far. */
  output(): string
  stop(): Promise<void>
}

/** The path of a program, or null where it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin']
  for (const folder of folders) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // The next folder may have it.
    }
  }
  return null
}

/** @param plan writes what the program needs into the folder and says how it is started. */
export async function startProgram(
  plan: (folder: string, port: number) => Promise<readonly [command: string, ...args: string[]]>,
): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'ubiquest-real-'))
  const port = await freePort()
  const [command, ...args] = await plan(folder, port)
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  }
  const stop = async (): Promise<void> => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await listening(port, child)
  } catch (error) {
    await stop()
    throw new Error(`${command} did not start: ${output.join('')}`, { cause: error })
  }
  return { port, folder, output: () => output.join(''), stop }
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  const limit = Date.now() + 15_000
  for (;;) {
    if (child.exitCode !== null) throw new Error(`exit code ${String(child.exitCode)}`)
    if (await canConnect(port)) return
    if (Date.now() > limit) throw new Error('nobody listens')
  }
}

async function canConnect(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => {
      setTimeout(() => {
        resolve(false)
      }, 20)
    })
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exited
}
