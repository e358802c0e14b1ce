/**
 * What a browser loads at once of a bundle, by each of the bundlers people use: the entry and the
 * chunks it imports statically; chunks behind an `import()` are left out.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import webpack from 'webpack'

const ENTRY = 'entry.js'

/** By name: from the code of an entry and the folder it resolves from to files and module names. */
export const BUNDLERS = { esbuild: byEsbuild, rollup: byRollup, webpack: byWebpack }

async function byEsbuild(contents, root) {
  const { outputFiles, metafile } = await build({
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
  const { outputs } = metafile
  const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === ENTRY)
  const paths = reach(entry, (path) =>
    outputs[path].imports.filter(({ kind }) => kind === 'import-statement').map((to) => to.path),
  )
  const wanted = new Set(paths.map((path) => join(root, path)))
  return {
    texts: outputFiles.filter(({ path }) => wanted.has(path)).map(({ text }) => text),
    modules: paths.flatMap((path) => Object.keys(outputs[path].inputs)),
  }
}

async function byRollup(contents, root) {
  const bundle = await rollup({
    input: ENTRY,
    onwarn: () => undefined,
    plugins: [
      {
        name: 'resolve',
        resolveId(source, importer) {
          if (source === ENTRY) return join(root, ENTRY)
          if (source.startsWith('.')) return null
          return { id: fileURLToPath(import.meta.resolve(source, importer)) }
        },
        load: (id) => (id === join(root, ENTRY) ? contents : null),
        // As `sideEffects: false` in package.json says, which rollup's own resolver does not read.
        transform: (code, id) => ({ code, moduleSideEffects: id === join(root, ENTRY) }),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]))
  const names = reach(output[0].fileName, (name) => chunks.get(name)?.imports ?? [])
  const wanted = names.flatMap((name) => chunks.get(name) ?? [])
  const minified = wanted.map(({ code }) =>
    transform(code, { minify: true, format: 'esm', target: 'es2022' }),
  )
  return {
    texts: (await Promise.all(minified)).map(({ code }) => code),
    modules: wanted.flatMap(({ modules }) => Object.keys(modules)),
  }
}

async function byWebpack(contents, root) {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, '.cache', 'webpack-'))
  try {
    writeFileSync(join(folder, ENTRY), contents.replaceAll("'./dist", "'../../dist"))
    const stats = await runWebpack(folder)
    const [{ assets }] = Object.values(stats.entrypoints)
    const loaded = new Set(stats.chunks.filter(({ initial }) => initial).map(({ id }) => id))
    const modules = stats.modules.filter(({ chunks }) =>
      (chunks ?? []).some((id) => loaded.has(id)),
    )
    return {
      texts: assets.map(({ name }) => readFileSync(join(folder, 'out', name), 'utf8')),
      modules: modules.flatMap(({ name, modules: inner = [] }) => [
        name,
        ...inner.map((each) => each.name),
      ]),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runWebpack(folder) {
  return new Promise((resolve, reject) => {
    webpack(
      {
        mode: 'production',
        context: folder,
        entry: `./${ENTRY}`,
        target: ['web', 'es2022'],
        experiments: { outputModule: true },
        output: { path: join(folder, 'out'), library: { type: 'module' } },
        performance: false,
      },
      (error, stats) => {
        if (error) reject(error)
        else if (stats.hasErrors()) reject(new Error(stats.toString('errors-only')))
        else
          resolve(
            stats.toJson({
              all: false,
              modules: true,
              nestedModules: true,
              chunks: true,
              entrypoints: true,
              ids: true,
              chunkModules: false,
              modulesSpace: Infinity,
              nestedModulesSpace: Infinity,
            }),
          )
      },
    )
  })
}

/** Everything that can be got to from `first`, itself included. */
function reach(first, next) {
  const found = new Set()
  const visit = (name) => {
    if (found.has(name)) return
    found.add(name)
    next(name).forEach(visit)
  }
  visit(first)
  return [...found]
}
