/** What the head of a native response says. */
import type { HeaderFields, HeaderPairs } from '../../src/ports.ts'
import { isNullBodyStatus } from '../../src/status.ts'

/** As the engine lists them: repeated ones combined, Set-Cookie apart. */
export function listFields(native: Pick<Headers, 'forEach'>): HeaderPairs {
  const pairs: [string, string][] = []
  native.forEach((value, name) => pairs.push([name, value]))
  return pairs
}

const LENGTH = /^(\d{1,15})(?:, ?\1)*$/

/** RFC 9110 §8.6: digits, perhaps repeated in a list of equal values. */
export function announcedLength(headers: HeaderFields): number | null {
  const value = headers.get('content-length')
  return value !== null && LENGTH.test(value) ? parseInt(value, 10) : null
}

/** No body comes, whatever is announced. */
export function isEmpty({ status, headers }: Response, method: string): boolean {
  return method === 'HEAD' || isNullBodyStatus(status) || headers.get('content-length') === '0'
}

/** Null where there is nothing to read. */
export function bodyOf(response: Response, method: string): ReadableStream<Uint8Array> | null {
  // The types leave out what those that are put into the place of `fetch` give, such as whatwg-fetch.
  const body = response.body as Response['body'] | undefined
  if (!isEmpty(response, method)) return body === undefined ? wholeBody(response) : body
  // Cancelled, so that the connection is free at once, and so that no engine takes the nothing
  // under a Content-Encoding for a broken body.
  body?.cancel().catch(() => undefined)
  return null
}

/** All at once, from a response that has no stream. */
function wholeBody(response: Response): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array(await response.arrayBuffer()))
      controller.close()
    },
  })
}
