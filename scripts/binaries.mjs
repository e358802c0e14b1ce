/**
 * Where the engines that come as npm packages keep their executables. The shims in
 * `node_modules/.bin` are finished by install scripts (bun's is a text without its own) and some
 * start a second process; the platform packages hold the real file, so a process id is the engine's.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)

/** @param {'deno' | 'bun' | 'workerd' | 'esbuild'} name  @returns {string} absolute path */
export function binary(name) {
  const candidates = CANDIDATES[name]?.()
  if (candidates === undefined) throw new Error(`No engine is called ${name}.`)
  for (const [packageName, file] of candidates) {
    const path = findFile(packageName, file)
    if (path !== null) return path
  }
  const names = candidates.map(([packageName]) => packageName).join(' or ')
  throw new Error(`${name} is not installed (${names} is missing): run \`npm ci\`.`)
}

const { platform, arch } = process
const exe = platform === 'win32' ? '.exe' : ''

const CANDIDATES = {
  deno: () => [[`@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`, `deno${exe}`]],
  bun: () => {
    const system = platform === 'win32' ? 'windows' : platform
    const name = `@oven/bun-${system}-${arch === 'arm64' ? 'aarch64' : arch}`
    // Bun's install script, where it may run, moves the file out of the platform package.
    return [
      ...[name, `${name}-musl`].map((each) => [each, `bin/bun${exe}`]),
      ['bun', 'bin/bun.exe'],
    ]
  },
  workerd: () => {
    const system = platform === 'win32' ? 'windows' : platform
    return [[`@cloudflare/workerd-${system}-${arch === 'x64' ? '64' : arch}`, `bin/workerd${exe}`]]
  },
  esbuild: () => [
    [`@esbuild/${platform}-${arch}`, platform === 'win32' ? 'esbuild.exe' : 'bin/esbuild'],
  ],
}

/** Resolved from the package that depends on it, so that a nested installation is found as well. */
function findFile(packageName, file) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..')
  const parents = [join(root, 'package.json'), ...['deno', 'bun', 'workerd', 'esbuild'].map(owner)]
  for (const parent of parents.filter((each) => each !== null)) {
    for (const folder of createRequire(parent).resolve.paths(packageName) ?? []) {
      const path = join(folder, packageName, file)
      if (existsSync(path)) return path
    }
  }
  return null
}

function owner(name) {
  try {
    return require.resolve(`${name}/package.json`)
  } catch {
    // Not installed: the other places are looked at.
    return null
  }
}
