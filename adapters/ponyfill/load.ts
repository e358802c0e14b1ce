/** Finds a `fetch` and a `ReadableStream`: the engine's own, or a ponyfill that is loaded now. */
import type { FetchFunction } from '../fetch/dialect.ts'
import { unsupported } from '../../src/unsupported.ts'
import { provideWebTypes } from '../../src/web.ts'
import { adaptResponse } from './response.ts'

let loaded: FetchFunction | null = null

/** Nothing is installed on the global object. */
export async function loadFetch(): Promise<FetchFunction> {
  if (loaded !== null) return loaded
  const [fetch] = await Promise.all([findFetch(), findStreams()])
  loaded = async (url, init) => adaptResponse(await fetch(url, init))
  return loaded
}

async function findFetch(): Promise<FetchFunction> {
  if (typeof globalThis.fetch === 'function') return (url, init) => globalThis.fetch(url, init)
  // The catch keeps bundlers from failing where the package is not installed.
  const module = await import('cross-fetch').catch(() => null)
  if (module !== null) return module.default
  throw unsupported('fetch', 'ponyfill', 'The package cross-fetch could not be loaded: install it.')
}

/** Only streams: a Response of cross-fetch would turn a stream that is given to it into text. */
async function findStreams(): Promise<void> {
  if (typeof globalThis.ReadableStream !== 'undefined') return
  const module = await import('web-streams-polyfill').catch(() => null)
  if (module === null) {
    throw unsupported(
      'ReadableStream',
      'ponyfill',
      'The package web-streams-polyfill could not be loaded: install it.',
    )
  }
  // Implements the same standard; its types differ in names only.
  provideWebTypes({ ReadableStream: module.ReadableStream as typeof globalThis.ReadableStream })
}
