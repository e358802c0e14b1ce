/**
 * What a bundler of a page is given: the modules of the browser entry in a few files, as tsc wrote
 * them, not minified. A file each would cost a page a tenth: bundlers that split make a chunk, with
 * its imports and exports, of each set of modules that some lazily loaded file shares with `get`. One
 * file for all would be in every page, since they look at files when they decide who shares what.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { rollup } from 'rollup'
import { chunkRule, ENTRY, listsOf, namesByFile } from './entry-chunks.mjs'
import { withSourceMaps } from './rollup-plugins.mjs'

/** @param compiled the folder that tsc wrote, @param outdir where the files go. */
export async function bundleForBundlers(compiled, outdir) {
  rmSync(outdir, { recursive: true, force: true })
  const folder = join(compiled, 'adapters/browser')
  const names = namesByFile(join(folder, 'index.js'))
  const bundle = await rollup({
    input: Object.fromEntries(
      [...names.keys()].map((file) => [basename(file, '.js'), ENTRY + file]),
    ),
    external: (id) => !/^[./]/.test(id) && !id.startsWith(ENTRY),
    plugins: [listsOf(names), withSourceMaps, withOwnNames, withoutConstants],
    treeshake: { moduleSideEffects: false },
  })
  await bundle.write({
    dir: outdir,
    format: 'esm',
    chunkFileNames: 'part-[name].js',
    manualChunks: chunkRule(join(folder, 'calls.js')),
    // Imports of nothing but side effects, of which there are none, are warned of by other bundlers.
    hoistTransitiveImports: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
  })
  await bundle.close()
  const lines = [...names].flatMap(([file, lists]) =>
    lists.map(
      (list) => `export ${list.replace(/^\* as (\w+)$/, '{ $1 }')} from './${basename(file)}'\n`,
    ),
  )
  writeFileSync(join(outdir, 'index.js'), lines.join(''))
}

/**
 * Every name of an entry is one of its own. A bundler that looks at files would else see a page use the
 * file behind each name, and what it needs in a lazily loaded file would be loaded with `get`.
 */
const withOwnNames = {
  name: 'own-names',
  renderChunk(code, { name, isEntry }) {
    if (!isEntry || name === 'calls') return null
    const own = code.replace(/^export \{ (.*) \} from ('.*');$/gm, (_, list, from) => {
      const names = list.split(', ').map((each) => each.split(' as '))
      const imports = names.map(([inner, outer = inner]) => `${inner} as ${outer}$own`)
      const constants = names.map(([inner, outer = inner]) => `${outer} = ${outer}$own`)
      return `import { ${imports.join(', ')} } from ${from};\nexport const ${constants.join(', ')};`
    })
    // Lists of names have nothing to be mapped to.
    return { code: own, map: null }
  },
}

/** webpack takes along code of its own for constants that lazily loaded files share with a page. */
const withoutConstants = {
  name: 'without-constants',
  // As long as it was, so that the source maps hold.
  renderChunk: (code) => ({ code: code.replace(/^const /gm, 'let   '), map: null }),
}
