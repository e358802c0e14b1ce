/** How a browser's `fetch` is used for requests that carry nothing and want nothing but an answer. */
import { codingsOf } from '../fetch/coded.ts'
import type { BareDialect, FetchFunction } from '../fetch/dialect.ts'
import { translateBrowserError } from './errors.ts'

export const bareDialect: BareDialect = {
  fetch: () => nativeFetch,
  refuse: () => undefined,
  init: () => ({}),
  undone: codingsOf,
  // Cross-origin, Content-Encoding is hidden while Content-Length is not.
  lengthHolds: (response, undone) => undone.length === 0 && response.type === 'basic',
  translateError: (error, request, phase) => translateBrowserError(error, request, phase),
}

/** Looked up at call time, so that a replaced `fetch` is honoured. */
export const nativeFetch: FetchFunction = (url, init) => globalThis.fetch(url, init)
