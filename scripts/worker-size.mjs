/**
 * `node scripts/worker-size.mjs`: how much code a Worker that imports `get` alone holds, minified, as
 * wrangler makes one file of it: each 40 kB take V8 a millisecond at its start. The one place of the
 * limit; the list of public suffixes is not counted, since it is a text, and not ours to shorten.
 */
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from './setup.mjs'

/** Bytes: what is reached, and two percent; a session would take 10,000 more. */
const LIMIT = 180_000

/** @returns {Promise<{bytes: number, limit: number}>} */
export async function measureWorker() {
  const { outputFiles } = await build({
    stdin: { contents: "export { get } from './dist/workerd/index.js'", resolveDir: root },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
    logLevel: 'error',
  })
  const [{ text }] = outputFiles
  const list = /"[^"]{50000,}"/.exec(text)?.[0] ?? ''
  return { bytes: Buffer.byteLength(text) - list.length, limit: LIMIT }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { bytes, limit } = await measureWorker()
  console.log(`get alone in a Worker: ${bytes} B minified of ${limit}`)
  if (bytes > limit) process.exitCode = 1
}
