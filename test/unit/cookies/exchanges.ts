/** Generated exchanges for the differential test: lines received, then URLs to send to. */
import fc from 'fast-check'

export interface Line {
  readonly url: string
  readonly name: string
  readonly value: string
  readonly attributes: readonly string[]
}
export interface Exchange {
  readonly received: readonly Line[]
  readonly sent: readonly string[]
}

const NO_SUCH_DAY = 'Tue, 31 Feb 2004 10:00:00 GMT'
/** Hosts that have to do with each other: an exchange stays in one family. */
const FAMILIES: readonly (readonly string[])[] = [
  ['example.com', 'www.example.com', 'a.www.example.com', 'badexample.com'],
  ['www.example.com', 'example.com', 'xn--bcher-kva.example.com'],
  ['example.co.uk', 'shop.example.co.uk', 'co.uk'],
  ['me.github.io', 'you.github.io', 'github.io'],
  ['localhost', 'app.localhost'],
  ['127.0.0.1', '192.0.2.7', 'intranet'],
]
const PATHS: readonly string[] = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/ab', '/A', '/x/y?q=/a/b']

const path: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...PATHS) },
  fc.constantFrom('/a%2Fb', '/%61/b'),
)
function urlIn(family: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom('http', 'https', 'https'), fc.constantFrom(...family), path)
    .map(([scheme, hostname, at]) => `${scheme}://${hostname}${at}`)
}

const CHARACTERS = 'abcABC019-_.%"!#$&\'()*+/:<>?@[]^`{|}~, \u00e4\u00ff'
const text: fc.Arbitrary<string> = fc.string({
  unit: fc.integer({ min: 0, max: CHARACTERS.length - 1 }).map((at) => CHARACTERS.charAt(at)),
  maxLength: 12,
})

const name: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'A', 'sid', 'constructor', '__proto__') },
  { weight: 2, arbitrary: fc.constantFrom('__Host-a', '__Secure-a', '__host-a', '__SECURE-a', '') },
  { weight: 1, arbitrary: text.map((value) => value.trim()) },
)
const value: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('1', '2', '3', '', 'x=y', '"q"') },
  { weight: 2, arbitrary: text.map((each) => each.trim()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__Host-a', '__secure-b', 'v'.repeat(4092), 'v'.repeat(4097)),
  },
)
const date: fc.Arbitrary<string> = fc.constantFrom(
  'Sun, 06 Nov 1994 08:49:37 GMT',
  'Sunday, 06-Nov-94 08:49:37 GMT',
  'Wed, 09 Jun 2077 10:18:14 GMT',
  '9-JUN-2077 1:2:3',
  '1 Jan 69 00:00:00',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  NO_SUCH_DAY,
  '24:00:00 1 Jan 1999',
  'never',
  '',
)
const attribute: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('Path=/', 'path=/a', 'Path=/a/', 'Path=/a/b') },
  fc.constantFrom('PATH=x', 'Path=', 'Path', `Path=/${'p'.repeat(1024)}`),
  { weight: 3, arbitrary: fc.constantFrom('Secure', 'secure', 'Secure=no', 'HttpOnly') },
  fc.constantFrom('SameSite=None', 'SameSite=Lax', 'samesite=STRICT', 'SameSite=what', 'SameSite'),
  fc.constantFrom('Max-Age=60', 'max-age=0', 'Max-Age=-1', 'Max-Age=x', 'Max-Age=', 'Max-Age=1e3'),
  date.map((each) => `Expires=${each}`),
  fc.constantFrom('', '=', 'x', 'x=y=z', '__proto__=1', 'Partitioned', 'Priority=High'),
  fc.constantFrom('Domain=com', 'Domain=uk', 'Domain=EXAMPLE.com', 'Domain=', 'Domain=.'),
)
function lineIn(family: readonly string[]): fc.Arbitrary<Line> {
  const domain = fc
    .tuple(fc.constantFrom('Domain=', 'domain = .'), fc.constantFrom(...family))
    .map(([key, hostname]) => key + hostname)
  const attributes = fc.array(fc.oneof({ weight: 4, arbitrary: attribute }, domain), {
    maxLength: 3,
  })
  return fc.record({ url: urlIn(family), name, value, attributes })
}
/** To somewhere, and back to where the lines came from: there most of the cookies go. */
export const exchange: fc.Arbitrary<Exchange> = fc.constantFrom(...FAMILIES).chain((family) =>
  fc
    .record({
      received: fc.array(lineIn(family), { minLength: 1, maxLength: 5 }),
      sent: fc.array(urlIn(family), { minLength: 1, maxLength: 3 }),
    })
    .map(({ received, sent }) => {
      const back = received.flatMap(({ url }) => [url, url.replace(/^http:/, 'https:')])
      return { received, sent: [...new Set([...sent, ...back])] }
    }),
)

export function header(given: Line): string {
  // Without a name there is no equals sign of its own.
  const nameless = given.value.includes('=') ? `=${given.value}` : given.value
  const pair = given.name === '' ? nameless : `${given.name}=${given.value}`
  return [pair, ...given.attributes].join('; ')
}
