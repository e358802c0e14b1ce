/**
 * Loads undici, at the first send. All of it would take 70 ms and, worse, put Node's built-in fetch
 * on the npm package's agent (a library must not change its host): so its inner modules are loaded,
 * and only if a later version has moved them, the public entry. The one file that knows their paths.
 */
/// <reference path="../undici/inner-modules.d.ts" />
import type { Undici } from '../undici/shims.ts'
import { nodeProcess } from './builtins.ts'

export async function loadUndici(): Promise<Undici> {
  try {
    return await loadInner()
  } catch (error) {
    nodeProcess()?.emitWarning?.(
      'The inner modules of undici have moved: all of it is loaded, which also changes the agent of the built-in fetch. Please report this to ubiquest, with the version of undici.',
      { code: 'UBIQUEST_UNDICI_PATH' },
    )
    return loadPublic(error)
  }
}

export async function loadInner(): Promise<Undici> {
  const [client, connect] = await Promise.all([
    import('undici/lib/dispatcher/client.js'),
    import('undici/lib/core/connect.js'),
  ])
  return { Client: client.default, buildConnector: connect.default }
}

export async function loadPublic(cause?: unknown): Promise<Undici> {
  try {
    // Not a literal: its declarations would bring Node's global types into these sources.
    const entry: string = 'undici'
    const { Client, buildConnector } = (await import(entry)) as Undici
    return { Client, buildConnector }
  } catch (error) {
    throw new Error('The package undici cannot be loaded. Install ubiquest again.', {
      cause: cause ?? error,
    })
  }
}
