/**
 * `npm run size`: what a browser downloads, minified and compressed with Brotli, for `get` alone and
 * for everything. Counts what is loaded at once: chunks behind an `import()` are not. The one place
 * of the limits.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const ENTRY = 'entry.js'
/** Bytes. */
const LIMITS = [
  {
    name: 'get alone',
    code: "export { get } from './dist/adapters/browser/index.js'",
    limit: 8000,
  },
  { name: 'everything', code: "export * from './dist/adapters/browser/index.js'", limit: 16000 },
]

/** @returns {Promise<{name: string, bytes: number, minified: number, limit: number}[]>} */
export async function measureSizes() {
  return Promise.all(
    LIMITS.map(async ({ name, code, limit }) => {
      const text = await bundle(code)
      return { name, bytes: compressedLength(text), minified: text.length, limit }
    }),
  )
}

async function bundle(contents) {
  const result = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, sourcefile: ENTRY },
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    outdir: join(root, '.cache', 'size'),
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    metafile: true,
  })
  return Buffer.concat(loadedAtOnce(result).map((file) => file.contents))
}

/** The entry and the chunks it imports statically. */
function loadedAtOnce({ outputFiles, metafile }) {
  const wanted = new Set()
  const add = (path) => {
    if (wanted.has(path)) return
    wanted.add(path)
    for (const { kind, path: next } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') add(next)
    }
  }
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint === ENTRY) add(path)
  }
  const paths = new Set([...wanted].map((path) => join(root, path)))
  return outputFiles.filter((file) => paths.has(file.path))
}

function compressedLength(bytes) {
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
