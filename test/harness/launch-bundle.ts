/** Bundles of the cases, as the users of each runtime would make them: esbuild, export conditions. */
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildOptions, Plugin } from 'esbuild'

export interface Bundle {
  readonly root: string
  readonly project: string
  /** The driver, relative to the root. */
  readonly entry: string
  readonly outfile: string
}

/** The runtime itself resolves the installed package, by its own conditions. */
export async function bundleForProcess(bundle: Bundle): Promise<void> {
  await write(bundle, { platform: 'node', external: ['ubiquest'] })
}

/** As wrangler does it. */
export async function bundleForWorkerd(bundle: Bundle): Promise<void> {
  await write(bundle, {
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    plugins: [installedIn(bundle.project)],
  })
}

export async function bundleForBrowser(bundle: Bundle): Promise<void> {
  await write(bundle, { platform: 'browser', plugins: [installedIn(bundle.project)] })
}

/** As a bundler for React Native does it; the ponyfills stay what they are on disk. */
export async function bundleForPonyfill(bundle: Bundle): Promise<void> {
  await write(bundle, {
    platform: 'neutral',
    conditions: ['react-native'],
    mainFields: ['react-native', 'module', 'main'],
    external: ['cross-fetch', 'web-streams-polyfill'],
    plugins: [installedIn(bundle.project)],
  })
}

async function write(bundle: Bundle, options: BuildOptions): Promise<void> {
  await build({
    entryPoints: [join(bundle.root, bundle.entry)],
    outfile: bundle.outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'warning',
    ...options,
  })
}

/** By its own name the repository would find itself; the packed and installed one is to be tested. */
function installedIn(project: string): Plugin {
  return {
    name: 'installed',
    setup: ({ onResolve, resolve }) => {
      onResolve({ filter: /^ubiquest(\/|$)/ }, async ({ path, kind, pluginData }) => {
        if (pluginData === installedIn) return undefined
        return await resolve(path, { resolveDir: project, kind, pluginData: installedIn })
      })
    },
  }
}
