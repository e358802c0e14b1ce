/**
 * `npm run build`: dist/ as it ships. `tsc` compiles src and adapters file by file, so that dist can
 * be read; rollup makes the few files that bundlers of pages and of Workers take and those that Node,
 * Deno and Bun load; esbuild makes the stand-alone browser bundle and the part of undici for Deno.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { bundleForBundlers } from './browser-bundle.mjs'
import { bundleForServer } from './server-bundle.mjs'
import { bundleUndici } from './undici-bundle.mjs'
import { bundleForWorkers } from './worker-bundle.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const cache = join(root, '.cache', 'build.tsbuildinfo')
const UNDICI = 'dist/adapters/deno/undici.js'
const BROWSER = 'dist/ubiquest.min.js'
const SERVERS = ['node', 'deno', 'bun']
const BUNDLERS = join(dist, 'browser')
const WORKERS = join(dist, 'workerd')
const BUNDLED = [BUNDLERS, WORKERS, ...SERVERS.map((name) => join(dist, name))]

/** Resolves to whether everything was compiled without an error. */
async function buildAll() {
  const started = performance.now()
  const compiled = compile()
  removeStrays()
  // Each is tried: what can be built is there to work with, and esbuild has said what cannot.
  const bundles = await Promise.allSettled([
    bundleForBrowser(),
    bundleForBundlers(dist, BUNDLERS),
    ...SERVERS.map((name) => bundleForServer(dist, name, join(dist, name))),
    bundleForWorkers(dist, WORKERS),
    bundleUndici(root, join(root, UNDICI)),
  ])
  for (const { reason } of bundles) if (reason !== undefined) console.error(reason.message)
  const complete = compiled && bundles.every(({ status }) => status === 'fulfilled')
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`dist is ${complete ? 'ready' : 'incomplete'} (${seconds} s)`)
  return complete
}

function compile() {
  // Incremental tsc writes only what changed: a missing file would stay missing.
  if (missingOutput()) rmSync(cache, { force: true })
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const { status } = spawnSync(
    process.execPath,
    [tsc, '-p', 'tsconfig.json', '--tsBuildInfoFile', cache],
    { cwd: root, stdio: 'inherit' },
  )
  return status === 0
}

function sources() {
  return ['src', 'adapters'].flatMap((folder) =>
    listFiles(join(root, folder))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((file) => relative(root, file).replace(/\.ts$/, '')),
  )
}

function missingOutput() {
  return sources().some((name) =>
    ['.js', '.d.ts'].some((end) => !existsSync(join(dist, name + end))),
  )
}

/** What no source stands behind any more. */
function removeStrays() {
  const wanted = new Set([UNDICI, BROWSER, `${BROWSER}.map`])
  for (const name of sources()) {
    for (const end of ['.js', '.js.map', '.d.ts', '.d.ts.map']) wanted.add(`dist/${name}${end}`)
  }
  for (const file of listFiles(dist)) {
    if (BUNDLED.some((folder) => file.startsWith(join(folder, '/')))) continue
    if (!wanted.has(relative(root, file).replaceAll('\\', '/'))) rmSync(file)
  }
}

async function bundleForBrowser() {
  const entry = join(root, 'adapters', 'browser', 'index.ts')
  if (!existsSync(entry)) return
  await build({
    entryPoints: [entry],
    outfile: join(root, BROWSER),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
  })
}

function listFiles(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true })
    .map((file) => join(folder, String(file)))
    .filter((file) => statSync(file).isFile() && basename(file) !== '.DS_Store')
}

process.exitCode = (await buildAll()) ? 0 : 1
