/** The tarball that users would get, and a project outside the repository that has it installed. */
import { execFile } from 'node:child_process'
import { mkdtemp, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const QUIET = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']

/** @returns the project's folder, which the caller removes. */
export async function packAndInstall(root: string): Promise<string> {
  // Deno's permissions are about real paths.
  const project = await realpath(await mkdtemp(join(tmpdir(), 'ubiquest-')))
  const tarball = await pack(root, project)
  await writeFile(join(project, 'package.json'), MANIFEST)
  await npm(['install', ...QUIET, tarball], project)
  return project
}

const MANIFEST = JSON.stringify({ name: 'ubiquest-suite', private: true, type: 'module' })

async function pack(root: string, destination: string): Promise<string> {
  const output = await npm(['pack', '--json', ...QUIET, '--pack-destination', destination], root)
  const filename = /"filename":\s*"([^"]+)"/.exec(output)?.[1]
  if (filename === undefined) throw new Error(`npm pack named no file:\n${output}`)
  return join(destination, filename)
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const shell = process.platform === 'win32'
  const { stdout } = await promisify(execFile)('npm', [...args], { cwd, shell, maxBuffer: 1 << 24 })
  return stdout
}
