/**
 * What Python's `requests` and we are both told to do, as data. Options are those of `requests`;
 * `differs` says why the two are meant to be different, and then they have to be.
 */
import type { Answer } from '../harness/recorder.ts'

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
type Options = Readonly<Record<string, Json>>

export interface Call {
  readonly method: string
  /** Behind the URL of the recording. */
  readonly path?: string
  readonly options?: Options
  /** The request is prepared, changed like this, and sent. */
  readonly change?: { readonly method?: string; readonly body?: string; readonly headers?: Options }
  readonly raise?: boolean
}

export interface Scenario {
  readonly name: string
  readonly session?: Options
  readonly calls: readonly Call[]
  readonly answers?: readonly Answer[]
  readonly differs?: string
}

const ok = (fields = '', body = 'ok'): Answer => ({
  send: `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${String(body.length)}\r\n\r\n${body}`,
})
const status = (line: string): Answer => ({ send: `HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n` })
const moved = (code: number, location: string, fields = ''): Answer => ({
  send: `HTTP/1.1 ${String(code)} Moved\r\nLocation: ${location}\r\n${fields}Content-Length: 0\r\n\r\n`,
})
const get = (path: string, options: Options = {}): Call => ({ method: 'GET', path, options })
const post = (options: Options, path = ''): Call => ({ method: 'POST', path, options })

// prettier-ignore
const URLS: readonly Scenario[] = [
  { name: 'params of a dict, None left out', calls: [get('', { params: { a: 1, b: null, c: 'x y&=' } })] },
  { name: 'params of lists', calls: [get('', { params: { a: ['1', '2'], b: [] } })] },
  { name: 'params of pairs keep their order', calls: [get('', { params: [['b', '1'], ['a', '2'], ['b', '3']] })] },
  { name: 'params behind a query', calls: [get('?x=1&y=%2F', { params: { z: 'ä' } })] },
  { name: 'params before a fragment', calls: [get('?x=1#frag', { params: { y: '2' } })], differs: 'response.url of Fetch has no fragment; what arrives is the same.' },
  { name: 'params as a string', calls: [get('', { params: 'raw=1&b' })] },
  { name: 'params of the session, replaced by name', session: { params: { a: 's', b: 's' } }, calls: [get('', { params: { b: 'c' } })] },
  { name: 'nothing is encoded twice', calls: [get('/a%20b/%C3%A9?q=%26')] },
  { name: 'what is not ASCII is encoded', calls: [get('/é b?q=ü')] },
  { name: 'empty params', calls: [get('', { params: {} })] }, { name: 'an empty query', calls: [get('?', {})], differs: 'Fetch sends the question mark of an empty query, requests leaves it out.' },
  {
    name: 'bool params',
    calls: [get('', { params: { yes: true } })],
    differs: 'Python writes True, JavaScript true.',
  },
]

// prettier-ignore
const BODIES: readonly Scenario[] = [
  { name: 'form of a dict', calls: [post({ data: { a: '1', 'b c': 'ä&=' } })] },
  { name: 'form of lists and pairs', calls: [post({ data: { a: ['1', '2'] } }), post({ data: [['b', '1'], ['a', '2']] })] },
  { name: 'form values that are None', calls: [post({ data: { a: null, b: '1' } })] },
  { name: 'text', calls: [post({ data: 'täxt' })] },
  { name: 'bytes', calls: [post({ data: { base64: 'AAH/' } })] },
  { name: 'text with a type', calls: [post({ data: 'x', headers: { 'Content-Type': 'a/b' } })] },
  { name: 'json with floats and unicode escapes', calls: [post({ json: { a: [1, 2.5, null, true], b: 'plain' } })], differs: 'Python puts a space behind , and :.' },
  { name: 'json without spaces to put', calls: [post({ json: [1] })] },
  { name: 'json keeps a type of the caller', calls: [post({ json: [1], headers: { 'Content-Type': 'x/json' } })] },
  { name: 'no body', calls: [{ method: 'POST' }, { method: 'PUT' }, { method: 'PATCH' }] }, { name: 'no body with DELETE', calls: [{ method: 'DELETE' }], differs: 'requests says Content-Length: 0 of every method but GET and HEAD; Fetch of POST and PUT, we of PATCH too.' },
  { name: 'empty text', calls: [post({ data: '' })] },
  { name: 'one file', calls: [post({ files: { up: ['a.txt', 'content'] } })], differs: 'requests sends no type for a file unless one is given; ours guesses from the name, as browsers do.' },
  { name: 'one file with a type', calls: [post({ files: { up: ['a.txt', 'content', 'x/y'] } })] },
  { name: 'a file with headers', calls: [post({ files: { up: ['a.txt', 'content', 'x/y', { 'X-Part': '1' }] } })] },
  { name: 'fields before files', calls: [post({ data: { a: '1', b: ['2', '3'] }, files: { up: ['f', { base64: 'AAEC' }, 'x/y'] } })] },
  { name: 'files of pairs', calls: [post({ files: [['up', ['1', 'one', 'x/y']], ['up', ['2', 'two', 'x/y']]] })] },
  { name: 'a field by a file without a name', calls: [post({ files: { up: [null, 'content'] } })] },
  { name: 'a body with GET', calls: [get('', { data: 'body' })] },
]

// prettier-ignore
const REDIRECTS: readonly Scenario[] = [
  ...[301, 302, 303, 307, 308].map(
    (code): Scenario => ({
      name: `POST at ${String(code)}`,
      calls: [post({ data: { a: '1' }, headers: { 'X-Kept': '1' } })],
      answers: [moved(code, '?next'), ok()],
    }),
  ),
  ...[301, 307, 308].map(
    (code): Scenario => ({
      name: `PUT at ${String(code)}`,
      calls: [{ method: 'PUT', options: { data: 'body' } }],
      answers: [moved(code, '?next'), ok()],
      ...(code === 301
        ? { differs: 'requests drops the body of a PUT at 301, but keeps its method; Fetch keeps both.' }
        : {}),
    }),
  ),
  {
    name: 'PUT at 302',
    calls: [{ method: 'PUT', options: { data: 'body' } }],
    answers: [moved(302, '?next'), ok()],
    differs: 'requests makes a GET of every method but HEAD at 302; Fetch of POST alone.',
  },
  { name: 'PUT at 303', calls: [{ method: 'PUT', options: { data: 'body' } }], answers: [moved(303, '?next'), ok()] },
  { name: 'HEAD at 303', calls: [{ method: 'HEAD', options: { allow_redirects: true } }], answers: [moved(303, '?next'), status('200 OK')] },
  { name: 'a chain, its history and its end', calls: [get('')], answers: [moved(302, '?1'), moved(301, '?2'), ok()] },
  { name: 'a redirect that is not followed', calls: [get('', { allow_redirects: false })], answers: [moved(302, '?1')] },
  { name: 'a fragment is inherited', calls: [get('#frag')], answers: [moved(302, '?1'), ok()], differs: 'response.url of Fetch has no fragment.' },
  { name: 'too many', session: { max_redirects: 2 }, calls: [get('')], answers: [moved(302, '?1'), moved(302, '?2'), moved(302, '?3')] },
  { name: '300 and 304 are answers', calls: [get(''), get('')], answers: [moved(300, '?1'), status('304 Not Modified')] },
  { name: 'a Location that is empty', calls: [get('')], answers: [moved(302, '')] },
  { name: 'cookies of a hop go along', calls: [get('')], answers: [moved(302, '?1', 'Set-Cookie: a=1\r\n'), ok()] },
  { name: 'auth stays within the origin', calls: [get('', { auth: ['u', 'p'] })], answers: [moved(302, '?1'), ok()] },
]

// prettier-ignore
const SESSIONS: readonly Scenario[] = [
  { name: 'headers merge by name, None removes', session: { headers: { 'X-A': 's', 'X-B': 's' } }, calls: [get('', { headers: { 'x-a': 'c', 'X-B': null } }), get('')] },
  { name: 'Accept can be removed', calls: [get('', { headers: { Accept: null } })] },
  { name: 'cookies of a call are not kept', session: { cookies: { s: '1' } }, calls: [get('', { cookies: { c: '2' } }), get('')] },
  { name: 'cookies that are set come back', calls: [get(''), get('')], answers: [ok('Set-Cookie: a=1\r\nSet-Cookie: b=2; Path=/none\r\n'), ok()] },
  { name: 'a cookie that is deleted', calls: [get(''), get(''), get('')], answers: [ok('Set-Cookie: a=1\r\n'), ok('Set-Cookie: a=; Max-Age=0\r\n'), ok()] },
  { name: 'Basic, of the session and of the call', session: { auth: ['s', 'p'] }, calls: [get(''), get('', { auth: ['c', 'ü:'] })] },
  { name: 'a header beats no auth, auth beats a header', calls: [get('', { headers: { Authorization: 'Own' } }), get('', { headers: { Authorization: 'Own' }, auth: ['u', 'p'] })] },
  { name: 'a status raises', calls: [{ ...get(''), raise: true }, { ...get(''), raise: true }, { ...get(''), raise: true }], answers: [status('404 Not Found'), status('500 Oops'), status('302 Found')] },
  { name: 'a prepared request is changed', session: { headers: { 'X-S': '1' } }, calls: [{ ...post({ data: { a: '1' } }), change: { method: 'PUT', headers: { 'X-New': '2' }, body: 'other' } }] },
  { name: 'methods of any name', calls: [{ method: 'PROPFIND' }, { method: 'patch', options: { data: 'x' } }] },
  { name: 'the connection breaks', calls: [get('')], answers: [{ send: '', then: 'end' }] },
  { name: 'digest', differs: 'history of requests has the 401 too; ours has redirects alone. What arrives is the same.', calls: [get('?a=b', { auth: ['digest', 'u', 'p'] })], answers: [
    { send: 'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, opaque="o"\r\nContent-Length: 0\r\n\r\n' }, ok()] },
]

export const scenarios: readonly Scenario[] = [...URLS, ...BODIES, ...REDIRECTS, ...SESSIONS]
