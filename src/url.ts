/**
 * URLs (layer 0): parsed once, by the WHATWG parser, and passed on as an object, so that no two
 * places can disagree about the host.
 */
import { describe } from './bytes.ts'
import { InvalidURLError } from './errors.ts'
import { decodePart, redactQuery, redactURL } from './shown-url.ts'
import type { ParamsInput, ParamValue, URLInput } from './types.ts'

export interface BaseURL {
  /** A directory: the path of a call is appended to it. */
  readonly baseUrl: URL | null
  readonly allowAbsoluteUrls: boolean
  /** What a relative URL resolves against when there is no `baseUrl`: the page, in browsers. */
  readonly page: string | null
}

/** @throws InvalidURLError */
export function resolveURL(input: URLInput, base: BaseURL): URL {
  // By what it has, so that a URL of another realm or library counts too.
  const text = typeof input === 'string' ? input.trim() : (input as URL | null)?.href
  if (typeof text !== 'string') {
    throw new InvalidURLError(`The URL must be a string or a URL object, not ${describe(input)}.`)
  }
  const url = base.baseUrl === null ? parse(text, base.page) : join(text, base.baseUrl, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InvalidURLError(
      `The scheme of ${show(text)} is not supported: use http:// or https://, not ${url.protocol}//.`,
    )
  }
  return url
}

/** A directory URL for `baseUrl`: query and fragment are refused, they could not be kept. */
export function parseBaseURL(input: URLInput, page: string | null): URL {
  const url = resolveURL(input, { baseUrl: null, allowAbsoluteUrls: true, page })
  if (url.search !== '' || url.hash !== '') {
    throw new InvalidURLError(`baseUrl ${redactURL(url)} must have no query and no fragment.`)
  }
  return url
}

/** Adds parameters behind the query that is there, which is kept to the letter. */
export function appendParams(url: URL, params: ParamsInput | null | undefined): void {
  if (params === undefined || params === null) return
  const query = typeof params === 'string' ? params.replace(/^\?/, '') : encodePairs(params)
  if (query === '') return
  url.search = url.search === '' ? query : `${url.search}&${query}`
}

/** `application/x-www-form-urlencoded`, order kept, lists repeated, null and undefined left out. */
export function encodePairs(input: Exclude<ParamsInput, string>): string {
  const form = new URLSearchParams()
  for (const pair of pairsOf(input)) {
    // A text would fall apart into its first two characters.
    if (!Array.isArray(pair)) throw notParams('a list of other things')
    const [name, value] = pair as readonly [string, ParamValue | readonly ParamValue[]]
    for (const each of Array.isArray(value) ? (value as readonly ParamValue[]) : [value]) {
      if (each !== null && each !== undefined) form.append(name, plainText(name, each))
    }
  }
  return form.toString()
}

export function parseOrNull(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    // The caller says what is wrong, in words that are the same on every engine.
    return null
  }
}

/** Scheme, host and port, which is whom credentials belong to. Not `url.origin`, which engines with a
 *  reduced URL class leave out, so that any two would be alike. */
export function originOf(url: URL): string {
  const { href } = url
  // Asked several times per call: texts that are equal up to the first slash behind the authority
  // have equal origins, and nothing has to be put together.
  if (href.startsWith(lastOrigin) && href[lastOrigin.length] === '/') return lastOrigin
  lastOrigin = `${url.protocol}//${url.host}`
  return lastOrigin
}

/** Plain text, and right for whoever comes next. */
let lastOrigin = ''

/** The user-info of a URL, decoded; it is removed from the URL. */
export function takeUserInfo(url: URL): readonly [username: string, password: string] | null {
  if (url.username === '' && url.password === '') return null
  const pair = [decodePart(url.username), decodePart(url.password)] as const
  url.username = ''
  url.password = ''
  return pair
}

function parse(text: string, page: string | null): URL {
  try {
    return page === null ? new URL(text) : new URL(text, page)
  } catch {
    // The parser's own message differs by engine and may repeat credentials.
    if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) {
      throw new InvalidURLError(
        `The URL ${show(text)} has no scheme. Did you mean ${show(`https://${text.replace(/^\/+/, '')}`)}? Relative URLs need a session with baseUrl.`,
      )
    }
    throw new InvalidURLError(`The URL ${show(text)} cannot be parsed.`)
  }
}

/** Appends to the directory; neither `..` nor `//host` nor another origin leads out of it. */
function join(text: string, directory: URL, base: BaseURL): URL {
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|https?:)/i.test(text)) {
    const url = parse(text, null)
    if (originOf(url) !== originOf(directory) && !base.allowAbsoluteUrls) leaves(text, directory)
    if (
      originOf(url) === originOf(directory) &&
      !within(url, directory) &&
      !base.allowAbsoluteUrls
    ) {
      leaves(text, directory)
    }
    return url
  }
  if (/^[/\\]{2}/.test(text)) leaves(text, directory)
  const root = `${originOf(directory)}${directory.pathname.replace(/\/$/, '')}`
  const own = /^[?#]/.test(text) || text === '' ? text : `/${text.replace(/^\//, '')}`
  const url = parse(`${root}${own}`, null)
  url.username = directory.username
  url.password = directory.password
  if (originOf(url) !== originOf(directory) || !within(url, directory)) leaves(text, directory)
  return url
}

function within(url: URL, directory: URL): boolean {
  const path = directory.pathname.replace(/\/$/, '')
  return (
    url.pathname === path ||
    url.pathname === directory.pathname ||
    url.pathname.startsWith(`${path}/`)
  )
}

function leaves(text: string, directory: URL): never {
  throw new InvalidURLError(
    `The URL ${show(text)} leads out of baseUrl ${redactURL(directory)}. Set allowAbsoluteUrls: true to let single calls go to other places.`,
  )
}

/** Own, enumerable names only. */
function pairsOf(
  input: Exclude<ParamsInput, string>,
): Iterable<readonly [string, ParamValue | readonly ParamValue[]]> {
  if (typeof input !== 'object') throw notParams(describe(input))
  if (Symbol.iterator in input) return input as Iterable<readonly [string, ParamValue]>
  return Object.entries(input)
}

function notParams(given: string): TypeError {
  return new TypeError(`Parameters must be an object, pairs or a string, not ${given}.`)
}

function plainText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return String(value)
  }
  throw new TypeError(
    `The value of ${JSON.stringify(name)} must be a string, number, bigint or boolean, not ${describe(value)}.`,
  )
}

/** A URL that could not be parsed, for a message: whatever stands before an `@` may be a password. */
function show(text: string): string {
  const [before = ''] = text.split(/[?#]/, 1)
  const [search = ''] = text.slice(before.length).split('#', 1)
  const place = before.replace(/^((?:[a-z][a-z0-9+.-]*:)?[/\\]*)[^/\\?#]*@/i, '$1')
  const shown = place + redactQuery(search)
  return JSON.stringify(shown.length > 200 ? `${shown.slice(0, 200)}…` : shown)
}
