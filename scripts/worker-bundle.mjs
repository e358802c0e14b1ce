/**
 * What a Worker is given: one file, in which all code stands inside of functions that run when it is
 * first wanted. Wrangler makes one file of whatever is reached, lazily loaded or not, and V8 reads that
 * at each start: code inside of a function that does not run costs it half as much as that of modules.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { chunkRule, ENTRY, listsOf, namesByFile } from './entry-chunks.mjs'
import { suffixesAsText } from './public-suffixes.mjs'
import { inlinedPackages, withoutComments, withSourceMaps } from './rollup-plugins.mjs'

/** Functions that may wait for their code until they are called, and what they take. */
const CALLS = {
  request: 'method, url, options',
  ...Object.fromEntries(
    ['get', 'options', 'head', 'post', 'put', 'patch', 'delete'].map((name) => [
      name,
      'url, options',
    ]),
  ),
}

/** @param compiled the folder that tsc wrote, @param outdir where the file goes. */
export async function bundleForWorkers(compiled, outdir) {
  rmSync(outdir, { recursive: true, force: true })
  const folder = join(compiled, 'adapters/workerd')
  const names = namesByFile(join(folder, 'index.js'))
  const files = await commonJsFiles(join(folder, 'calls.js'), names, outdir)
  files.set(join(outdir, 'names.js'), stubsFor(names))
  const { outputFiles } = await build({
    entryPoints: [join(outdir, 'names.js')],
    outfile: join(outdir, 'index.js'),
    absWorkingDir: outdir,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'inline',
    write: false,
    plugins: [filesFrom(files)],
  })
  mkdirSync(outdir, { recursive: true })
  for (const { path, text } of outputFiles) {
    writeFileSync(path, withOwnNames(withPureParts(text)))
  }
}

/** CommonJS, which esbuild wraps into functions; it takes ES modules apart. */
async function commonJsFiles(calls, names, outdir) {
  const bundle = await rollup({
    input: Object.fromEntries(
      [...names.keys()].map((file) => [basename(file, '.js'), ENTRY + file]),
    ),
    plugins: [
      listsOf(names),
      suffixesAsText,
      inlinedPackages(() => true),
      withSourceMaps,
      withoutComments,
    ],
    treeshake: { moduleSideEffects: false },
  })
  const { output } = await bundle.generate({
    dir: outdir,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'part-[name].cjs',
    manualChunks: chunkRule(calls),
    exports: 'named',
    esModule: false,
    strict: false,
    generatedCode: { preset: 'es2015' },
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    sourcemap: 'inline',
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  return new Map(
    output
      .filter(({ type }) => type === 'chunk')
      .map(({ fileName, code }) => [join(outdir, fileName), code]),
  )
}

function stubsFor(names) {
  const stubs = new Map()
  for (const [file, lists] of names) {
    for (const each of lists.join(',').matchAll(/(\w+)\s*(?=[,}]|$)/g)) {
      // Some names of the core have one of the adapter's own, which comes later.
      stubs.set(each[1], stubOf(each[1], `require('./${basename(file, '.js')}.cjs')`))
    }
  }
  return [...stubs.values()].join('\n')
}

function stubOf(name, part) {
  const takes = CALLS[name]
  if (takes === undefined) {
    // Under another name here: that in the part stays what it is, and is seen in logs.
    return `const ${name}_ = /* @__PURE__ */ (() => ${part}.${name})()
export { ${name}_ as ${name} }`
  }
  const own = name === 'delete' ? 'del' : name
  return `function ${own}(${takes}) { return ${part}.${name}(${takes}) }
export { ${own} as ${name} }`
}

function filesFrom(files) {
  return {
    name: 'files',
    setup(builder) {
      builder.onResolve({ filter: /./ }, ({ path, resolveDir }) => ({
        path: resolve(resolveDir, path),
      }))
      builder.onLoad({ filter: /./ }, ({ path }) => ({ contents: files.get(path), loader: 'js' }))
    },
  }
}

/** Said to bundlers: a part that no name asks for may go. */
function withPureParts(text) {
  return text.replaceAll(/^(var require_\w+ = )(?=__commonJS\()/gm, '$1/* @__PURE__ */ ')
}

/** Classes that name themselves are given another name by esbuild, which would be seen in logs. */
function withOwnNames(text) {
  const classes = [...text.matchAll(/\b(\w+) = class (_\1|\1\d+)\b/g)]
  return classes.reduce(
    (code, [, name, other]) => code.replaceAll(new RegExp(`\\b${other}\\b`, 'g'), name),
    text,
  )
}
