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
  if (module !== null) {
    const { default: fetch } = module
    return (url, init) => fetch(url, keepLocation(init))
  }
  throw unsupported('fetch', 'ponyfill', 'The package cross-fetch could not be loaded: install it.')
}

/** node-fetch makes Location absolute when told "manual"; under a mode that it does not know it leaves
 *  a redirect alone altogether. XMLHttpRequest asks for no mode. */
function keepLocation(init: RequestInit): RequestInit {
  // The type knows the modes of the standard only, which is the point here.
  return init.redirect === 'manual' ? { ...init, redirect: 'untouched' as never } : init
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
