/**
 * What the suite needs on a fresh machine, and how to get it: npm packages, other versions of Node,
 * Debian's browsers where Playwright's own are not installed, and its redis-server. Each step does
 * nothing where its result is there already.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const NODE_MAJORS = [20, 22, 24, 26]

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']

/** `npm ci` where nothing is installed; only what is missing where the lock file has moved on. */
export function ensurePackages() {
  const installed = existsSync(join(root, 'node_modules/.package-lock.json'))
  if (installed && hasEveryPackage()) return
  announce('installing the npm packages')
  run('npm', installed ? ['install', '--no-save', ...QUIET] : ['ci', ...QUIET], root)
}

/** @param {number} major  @returns {string} path of a Node of that major version */
export function nodeBinary(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const windows = process.platform === 'win32'
  return join(runtimesFolder(), `node_modules/node${major}/bin/node${windows ? '.exe' : ''}`)
}

/** Other Nodes by npm alias: the registry's packages hold the executable itself. */
export function ensureNodes(majors = NODE_MAJORS) {
  const missing = majors.filter((major) => !existsSync(nodeBinary(major)))
  if (missing.length === 0) return
  announce(`installing Node ${missing.join(', ')} into .cache/runtimes`)
  const folder = runtimesFolder()
  mkdirSync(folder, { recursive: true })
  const manifest = join(folder, 'package.json')
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n')
  const system = process.platform === 'win32' ? 'win' : process.platform
  const names = missing.map((major) => `node${major}@npm:node-${system}-${process.arch}@${major}`)
  run('npm', ['install', ...QUIET, ...names], folder)
}

/** @param {string[]} names of `chromium`, `firefox`, `webkit` */
export async function ensureBrowsers(names) {
  const wanted = []
  for (const name of names) if (!(await hasBrowser(name))) wanted.push(...DEBIAN[name])
  if (wanted.length === 0) return
  if (!isDebianRoot()) {
    const advice = 'as root: apt-get install ' + wanted.join(' ')
    throw new Error(`No browser for ${names.join(', ')}: npx playwright install, or ${advice}`)
  }
  installWithApt(wanted)
}

/** What unit tests talk to: they say that they were skipped where it cannot be had. */
export function ensureServers() {
  if (spawnSync('redis-server', ['--version']).status === 0 || !isDebianRoot()) return
  try {
    installWithApt(['redis-server'])
  } catch (error) {
    console.error(String(error))
  }
}

/** Other people's servers and clients, for the tests against the real thing. */
export function ensurePrograms() {
  const missing = PROGRAMS.filter(({ path }) => !existsSync(path)).map(({ name }) => name)
  if (missing.length === 0) return
  if (!isDebianRoot()) throw new Error(`As root: apt-get install ${missing.join(' ')}`)
  installWithApt(missing)
}

/** Where Debian puts its browsers; null where they are not. */
export function systemBrowser(name) {
  return SYSTEM_PATHS[name].find((path) => existsSync(path)) ?? null
}

/** The MiniBrowser lies below a folder named after the machine's architecture. */
export function miniBrowser() {
  for (const library of [...folders('/usr/lib'), '/usr/libexec', '/usr/lib64']) {
    const path = join(library, 'webkit2gtk-4.1/MiniBrowser')
    if (existsSync(path)) return path
  }
  return null
}

const PYTHON = '/usr/lib/python3/dist-packages'
const PROGRAMS = [
  { path: '/usr/sbin/nginx', name: 'nginx-light' },
  { path: '/usr/sbin/apache2', name: 'apache2' },
  { path: '/usr/bin/gunicorn', name: 'gunicorn' },
  { path: `${PYTHON}/httpbin`, name: 'python3-httpbin' },
  { path: `${PYTHON}/brotli.py`, name: 'python3-brotli' },
  { path: `${PYTHON}/requests`, name: 'python3-requests' },
  { path: `${PYTHON}/multipart`, name: 'python3-multipart' },
  { path: `${PYTHON}/werkzeug`, name: 'python3-werkzeug' },
  { path: '/usr/sbin/squid', name: 'squid' },
  { path: '/usr/bin/tinyproxy', name: 'tinyproxy' },
  { path: '/usr/bin/microsocks', name: 'microsocks' },
  { path: '/usr/bin/redis-server', name: 'redis-server' },
  { path: '/usr/bin/curl', name: 'curl' },
]

const DEBIAN = {
  chromium: ['chromium'],
  firefox: ['firefox-esr'],
  webkit: ['webkit2gtk-driver', 'xvfb'],
}
const SYSTEM_PATHS = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  firefox: ['/usr/bin/firefox-esr'],
  webkit: ['/usr/bin/WebKitWebDriver'],
}

async function hasBrowser(name) {
  if (systemBrowser(name) !== null) return name !== 'webkit' || miniBrowser() !== null
  const playwright = await import('playwright')
  return existsSync(playwright[name].executablePath())
}

/** An interrupted installation, or a lock file that has moved on, leaves packages out. */
function hasEveryPackage() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(packages).every(
    ([path, { optional, version }]) =>
      path === '' || optional === true || installedVersion(path) === version,
  )
}

function installedVersion(path) {
  const manifest = join(root, path, 'package.json')
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined
}

function runtimesFolder() {
  return join(root, '.cache/runtimes')
}

function isDebianRoot() {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
}

function installWithApt(wanted) {
  announce(`installing ${wanted.join(' ')} with apt-get`)
  run('apt-get', ['update', '-qq'], root)
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], root)
}

function folders(path) {
  if (!existsSync(path)) return []
  const entries = readdirSync(path, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name))
}

function announce(what) {
  process.stderr.write(`setup: ${what}\n`)
}

function run(command, args, cwd) {
  // The output of installers goes to standard error: standard output is the suite's table.
  execFileSync(command, args, { cwd, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
}
