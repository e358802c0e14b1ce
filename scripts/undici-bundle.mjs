/**
 * The part of undici that Deno loads. It asks the environment for two switches when it connects, which
 * Deno refuses or prompts for under `--allow-net` alone: both are test aids and are compiled away.
 */
import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'

/** @param root the project, @param outfile where the bundle goes. */
export async function bundleUndici(root, outfile) {
  await build({
    entryPoints: [join(root, 'adapters/deno/undici-entry.js')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    define: {
      'process.env.JEST_WORKER_ID': 'undefined',
      'process.env.UNDICI_NO_WASM_SIMD': 'undefined',
    },
    legalComments: 'inline',
    // Its comments name types in files that are not here, which Deno would look for.
    minifyWhitespace: true,
    logLevel: 'warning',
    plugins: [ownModules, builtins, laterHttp2],
  })
}

/** Modules of Node's of which undici needs little, by what stands in for them. */
const OWN = {
  // undici asserts thirty things per request. Deno's `node:assert` takes 140 ns for one that holds, so
  // that they cost more than the parser and our own code for the body together.
  assert: `module.exports = function assert(holds, message) {
    if (holds) return
    const error = new Error(message ?? 'undici has asserted what does not hold')
    error.code = 'ERR_ASSERTION'
    throw error
  }`,
  // Deno takes 4 ms to load it. Ours say how large a header section may be, and hand undici no
  // IncomingMessage to destroy.
  http: `module.exports = { maxHeaderSize: 16384, IncomingMessage: class IncomingMessage {} }`,
}

const ownModules = {
  name: 'own-modules',
  setup(builder) {
    const filter = new RegExp(`^node:(${Object.keys(OWN).join('|')})$`)
    builder.onResolve({ filter }, ({ path }) => ({ path: path.slice(5), namespace: 'own' }))
    builder.onLoad({ filter: /./, namespace: 'own' }, ({ path }) => ({ contents: OWN[path] }))
  },
}

/** What every connection needs. Deno takes 8 ms to load the others, which few do. */
const NEEDED = [
  ...['buffer', 'diagnostics_channel', 'events', 'net', 'querystring', 'stream', 'util'],
  'util/types',
]

/**
 * CommonJS `require('node:net')` becomes a static import: without it an ES module would need
 * `createRequire`, which takes file URLs only and not those of a registry.
 */
const builtins = {
  name: 'builtins',
  setup(builder) {
    builder.onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '')
      if (!path.startsWith('node:') && !builtinModules.includes(name)) return undefined
      if (kind !== 'require-call') return { path: `node:${name}`, external: true }
      return { path: name, namespace: 'builtin' }
    })
    builder.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: NEEDED.includes(path)
        ? `import builtin from 'node:${path}'\nmodule.exports = builtin`
        : `module.exports = globalThis.process.getBuiltinModule('node:${path}')`,
    }))
  },
}

const REQUIRED = `const connectH2 = require('./client-h2.js')`

/** Node's module of HTTP/2 is the largest, and wanted when a server has chosen it. */
const laterHttp2 = {
  name: 'later-http2',
  setup(builder) {
    builder.onLoad({ filter: /undici\/lib\/dispatcher\/client\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8')
      if (!contents.includes(REQUIRED)) throw new Error(`undici has no ${REQUIRED} any more`)
      const later = `const connectH2 = (...args) => require('./client-h2.js')(...args)`
      return { contents: contents.replace(REQUIRED, later) }
    })
  },
}
