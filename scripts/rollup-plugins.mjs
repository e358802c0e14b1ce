/** What the bundles that rollup makes have in common. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

/** Stack traces lead to the TypeScript. */
export const withSourceMaps = {
  name: 'source-maps',
  load(id) {
    if (!existsSync(`${id}.map`)) return null
    return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') }
  },
}

/** @param has whether a package is taken in, by its specifier. */
export function inlinedPackages(has) {
  return {
    name: 'inlined-packages',
    resolveId: (id) => (isPackage(id) && has(id) ? fileURLToPath(import.meta.resolve(id)) : null),
  }
}

/** Neither a path nor a module of the runtime. */
export function isPackage(id) {
  return /^(@[a-z]|[a-z])[^:]*$/.test(id)
}

/** Comments are read at each start; whose work a package is stays said. */
export const withoutComments = {
  name: 'without-comments',
  async transform(source, id) {
    const { code, map } = await transform(source, {
      loader: 'js',
      target: 'es2022',
      legalComments: 'inline',
      sourcemap: 'external',
      sourcefile: id,
    })
    return { code: inlinedFrom(id) + code, map }
  },
}

/** The packages are dependencies, so that their licences are installed, too. */
function inlinedFrom(id) {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id) ?? []
  return name === undefined ? '' : `/*! From the package ${name}, under its MIT licence. */ `
}
