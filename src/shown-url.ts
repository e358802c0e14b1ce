/** URLs as they are shown (layer 0): to the caller, in messages and in logs. */
import { HIDDEN, isSecretName } from './secret-headers.ts'

/** As `response.url` of Fetch, alike on every runtime. */
export function withoutFragment(url: URL): string {
  const { href } = url
  const at = href.indexOf('#')
  return at === -1 ? href : href.slice(0, at)
}

/** For messages and logs: without user-info, fragment, and the values of parameters that look like
 *  secrets. */
export function redactURL(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${redactQuery(url.search)}`
}

export function redactQuery(search: string): string {
  let query = ''
  for (const part of search.slice(1).split('&')) {
    const [name = ''] = part.split('=', 1)
    const isSecret = part.length > name.length && isSecretName(decodePart(name))
    const shown = isSecret ? `${name}=${HIDDEN}` : part
    if (part !== '') query += `${query === '' ? '?' : '&'}${shown}`
  }
  return query
}

export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not percent-encoded after all: the characters are meant as they stand.
    return text
  }
}
