/** The package as a program for servers sees it: strict types, and none of the DOM. */
import * as requests from 'ubiquest'
import type * as browser from 'ubiquest/browser'
import type * as bun from 'ubiquest/bun'
import type * as deno from 'ubiquest/deno'
import type * as ponyfill from 'ubiquest/ponyfill'
import type * as workerd from 'ubiquest/workerd'

export type Entries = [typeof browser, typeof bun, typeof deno, typeof ponyfill, typeof workerd]

declare const response: requests.Response
/** Not `any`, which a name that is missing becomes. */
export const kind: 'number' extends typeof response.type ? 'any' : 'text' = 'text'

// `undefined` inherits: what may not have been given can be handed on as it is.
declare const maybe: { number?: number; text?: string; flag?: boolean }
const { number, text, flag } = maybe

void requests.get('https://a.test/', { timeout: { connect: number, total: number }, stream: flag })
void requests.download('https://a.test/', 'a', { filename: text, segments: number })
void requests.openCookieJar('jar.json', { key: text, onRefused: undefined, now: undefined })
requests.file('a', { name: text, start: number })
requests.transport({ http2: flag, socketPath: text, pool: undefined, allowAddress: undefined })
requests.transport({ tls: { serverName: text, verify: text }, pool: { maxIdle: number } })
requests.handlerTransport(() => new globalThis.Response(), { decoded: flag })
new requests.Session({ retries: new requests.Retry({ total: number, jitter: number }) })
new requests.Response('', { status: number, statusText: text, url: text })
new requests.DigestAuth('user', 'password', { proxy: flag })

const jar = new requests.CookieJar({ limits: undefined })
jar.set('a', '1', { domain: text, path: text, maxAge: number, secure: flag, sameSite: undefined })
jar.get('a', { domain: text, path: text })

response.iterContent({ chunkSize: number })
response.iterLines({ maxLength: number })
response.iterJSON<{ n: number }>({ maxLength: number })
