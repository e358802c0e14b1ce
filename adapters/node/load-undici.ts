/**
 * Loads undici, at the first send. All of it would take 70 ms and, worse, put Node's built-in fetch
 * on the npm package's agent (a library must not change its host): so its inner modules are loaded,
 * and only if a later version has moved them, the public entry. The one file that knows their paths.
 */
/// <reference path="../undici/inner-modules.d.ts" />
import type { Undici } from '../undici/shims.ts'
import { builtin, nodeProcess } from './builtins.ts'
import type { NodeRequire } from './builtins.ts'

let loaded: Undici | null = null

/** Once per process: with a polluted Object.prototype Node 26 finds no file any more. */
export async function loadUndici(): Promise<Undici> {
  loaded ??= loadRequired() ?? (await loadImported())
  return loaded
}

/**
 * They are CommonJS: `import` reads each once more, to find out what it exports, which takes 5 of 22
 * ms. Null where they are not lying in files beside this one (an application in one bundle), or are
 * those of somebody else: a bundle may stand beside another undici than the one it was made with.
 */
export function loadRequired(): Undici | null {
  try {
    const require = builtin('module').createRequire(import.meta.url)
    // The manifest of a package has a version, and its inner modules are those declared for them.
    const { version } = require('undici/package.json') as { readonly version: string }
    if (!version.startsWith('7.')) return null
    return withLaterHttp2(require, () => ({
      Client: require('undici/lib/dispatcher/client.js') as Undici['Client'],
      buildConnector: require('undici/lib/core/connect.js') as Undici['buildConnector'],
    }))
  } catch {
    // The import that follows says what is wrong, if it is.
    return null
  }
}

const HTTP2 = 'undici/lib/dispatcher/client-h2.js'

type ConnectHTTP2 = (...args: unknown[]) => unknown

/**
 * What speaks HTTP/2 is required with the first connection that does: by itself undici's client does
 * so at once, and with it come Node's own HTTP/2 and TLS, a third of the time that it all takes.
 */
function withLaterHttp2(require: NodeRequire, load: () => Undici): Undici {
  const path = require.resolve(HTTP2)
  // Somebody else has paid for it already.
  if (require.cache[path] !== undefined) return load()
  const later = new (builtin('module').Module)(path)
  let connect: ConnectHTTP2 | null = null
  later.exports = ((...args) => {
    connect ??= require(HTTP2) as ConnectHTTP2
    return connect(...args)
  }) satisfies ConnectHTTP2
  later.loaded = true
  require.cache[path] = later
  try {
    return load()
  } finally {
    // Whoever asks for it from now on gets it.
    Reflect.deleteProperty(require.cache, path)
  }
}

async function loadImported(): Promise<Undici> {
  try {
    return await loadInner()
  } catch (error) {
    if (!isMissing(error)) throw unloadable(error)
    nodeProcess()?.emitWarning?.(
      'The inner modules of undici have moved: all of it is loaded, which also changes the agent of the built-in fetch. Please report this to ubiquest, with the version of undici.',
      { code: 'UBIQUEST_UNDICI_PATH' },
    )
    return loadPublic(error)
  }
}

/** Otherwise they are there, and fail: in a bundle of ES modules, which has no `require` for them. */
function isMissing(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null
  return code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' || code === 'ERR_MODULE_NOT_FOUND'
}

export async function loadInner(): Promise<Undici> {
  const [client, connect] = await Promise.all([
    import('undici/lib/dispatcher/client.js'),
    import('undici/lib/core/connect.js'),
  ])
  return { Client: client.default, buildConnector: connect.default }
}

/** Required, since bundlers warn of an import of what they cannot know, and take along what they can. */
export function loadPublic(cause?: unknown): Undici {
  try {
    const require = builtin('module').createRequire(import.meta.url)
    const { Client, buildConnector } = require('undici') as Undici
    return { Client, buildConnector }
  } catch (error) {
    throw unloadable(cause ?? error)
  }
}

function unloadable(cause: unknown): Error {
  return new Error(
    'The package undici cannot be loaded. Install ubiquest again; where it is part of a bundle of ES modules, leave undici out of that.',
    { cause },
  )
}
