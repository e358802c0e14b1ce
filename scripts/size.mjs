/**
 * `npm run size`: what a browser downloads, minified and compressed with Brotli, for `get` alone and
 * for everything, as each bundler makes it. Counts what is loaded at once: chunks behind an
 * `import()` are not. The one place of the limits.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { BUNDLERS } from './bundlers.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Bytes: what is reached, and one percent; for `get`, never above its goal of 8,000. That for all is
 *  16,000. */
const SUBJECTS = [
  {
    name: 'get alone',
    code: "export { get } from './dist/browser/index.js'",
    limits: { esbuild: 7580, rollup: 7580, webpack: 8000 },
  },
  {
    name: 'calls and a guard',
    code: "export { get, post, isHTTPError } from './dist/browser/index.js'",
    limits: { esbuild: 8010, rollup: 8000, webpack: 8460 },
  },
  {
    name: 'Session',
    code: "export { Session } from './dist/browser/index.js'",
    limits: { esbuild: 24600, rollup: 23700, webpack: 24400 },
  },
  {
    name: 'everything',
    code: "export * from './dist/browser/index.js'",
    limits: { esbuild: 39600, rollup: 38700, webpack: 39200 },
  },
]
/** What no page may load, by a part of the path of its files. */
const FOREIGN = [
  'node_modules/tldts',
  'node_modules/undici',
  'node_modules/cross-fetch',
  'node_modules/node-fetch',
  'node_modules/web-streams-polyfill',
  ...['node', 'deno', 'bun', 'workerd', 'ponyfill', 'undici'].map((name) => `adapters/${name}/`),
]

/** @returns {Promise<{name: string, bytes: number, minified: number, limit: number}[]>} */
export async function measureSizes() {
  const rows = []
  for (const { name, code, limits } of SUBJECTS) {
    for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
      const { texts, modules } = await bundle(code, root)
      refuseForeign(modules, `${name} (${bundler})`)
      const text = texts.join('')
      const minified = Buffer.byteLength(text)
      rows.push({
        name: `${name} (${bundler})`,
        bytes: compressedLength(text),
        minified,
        limit: limits[bundler],
      })
    }
  }
  return rows
}

function refuseForeign(modules, where) {
  const files = modules.flatMap(sourcesOf)
  // Else nothing would be found, whatever is in there.
  if (!files.some((path) => path.endsWith('src/response.ts'))) {
    throw new Error(`${where}: the bundler names no modules`)
  }
  const found = files.filter((path) => FOREIGN.some((part) => path.includes(part)))
  if (found.length > 0) throw new Error(`${where} has files of other runtimes: ${found.join(', ')}`)
}

/** Of a file that is made of others, these. */
function sourcesOf(path) {
  const map = join(root, path.replace(/^.*?(?=dist\/)/, '') + '.map')
  return existsSync(map) ? [path, ...JSON.parse(readFileSync(map, 'utf8')).sources] : [path]
}

function compressedLength(text) {
  const bytes = Buffer.from(text)
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, bytes, minified, limit } of await measureSizes()) {
    const mark = bytes <= limit ? 'ok' : 'TOO LARGE'
    console.log(`${name}: ${bytes} B brotli of ${limit} (${minified} B minified) ${mark}`)
    if (bytes > limit) process.exitCode = 1
  }
}
