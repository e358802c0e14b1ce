/** Finds a `fetch` and a `ReadableStream`: the engine's own, or a ponyfill that is loaded now. */
import type { FetchFunction } from '../fetch/dialect.ts'
import { bare } from '../../src/own.ts'
import { unsupported } from '../../src/unsupported.ts'
import { provideWebTypes } from '../../src/web.ts'
import { streamingResponse } from './response-type.ts'
import { adaptResponse } from './response.ts'

let loaded: FetchFunction | null = null

interface Engine {
  readonly fetch: FetchFunction
  readonly Response: typeof globalThis.Response
}

/** Nothing is installed on the global object. */
export async function loadFetch(): Promise<FetchFunction> {
  if (loaded !== null) return loaded
  const [{ fetch, Response }, ReadableStream] = await Promise.all([findFetch(), findStreams()])
  provideWebTypes(isComplete() ? {} : { ReadableStream, Response: streamingResponse(Response) })
  loaded = async (url, init) => adaptResponse(await fetch(url, init))
  return loaded
}

function isComplete(): boolean {
  return hasFetch() && typeof globalThis.ReadableStream !== 'undefined'
}

function hasFetch(): boolean {
  return typeof globalThis.fetch === 'function'
}

async function findFetch(): Promise<Engine> {
  if (hasFetch()) {
    return { fetch: (url, init) => globalThis.fetch(url, init), Response: globalThis.Response }
  }
  // The catch keeps bundlers from failing where the package is not installed.
  const module = await import('cross-fetch').catch(() => null)
  if (module !== null) {
    const { default: fetch, Response } = module
    return { fetch: (url, init) => fetch(url, keepLocation(init)), Response }
  }
  throw unsupported('fetch', 'ponyfill', 'The package cross-fetch could not be loaded: install it.')
}

/** node-fetch makes Location absolute when told "manual"; under a mode that it does not know it leaves
 *  a redirect alone altogether. XMLHttpRequest asks for no mode. */
function keepLocation(init: RequestInit): RequestInit {
  // The type knows the modes of the standard only, which is the point here.
  return init.redirect === 'manual' ? bare({ ...init, redirect: 'untouched' as never }) : init
}

async function findStreams(): Promise<typeof globalThis.ReadableStream> {
  if (typeof globalThis.ReadableStream !== 'undefined') return globalThis.ReadableStream
  const module = await import('web-streams-polyfill').catch(() => null)
  if (module === null) {
    throw unsupported(
      'ReadableStream',
      'ponyfill',
      'The package web-streams-polyfill could not be loaded: install it.',
    )
  }
  // Implements the same standard; its types differ in names only.
  return module.ReadableStream as typeof globalThis.ReadableStream
}
