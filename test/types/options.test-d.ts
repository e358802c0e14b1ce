/** What options take, and what they refuse. `undefined` inherits, `null` switches off. */
import type { RequestOptions } from '../../src/settings.ts'
import type { Session } from '../../src/session.ts'
import { expectType } from './expect.ts'

declare const stream: ReadableStream<Uint8Array>
declare const chunks: AsyncGenerator<string>

expectType<RequestOptions>({})
expectType<RequestOptions>({ params: { q: 'a', page: 2, tag: ['x', 'y'], none: null } })
expectType<RequestOptions>({ params: [['q', 'a']], headers: [['Accept', 'text/plain']] })
expectType<RequestOptions>({ headers: { Accept: null, 'X-Count': 1 }, auth: ['user', 'pass'] })
expectType<RequestOptions>({ headers: new globalThis.Headers(), params: new URLSearchParams() })
expectType<RequestOptions>({ auth: null, timeout: null, signal: null, hooks: null, maxBytes: null })
expectType<RequestOptions>({ timeout: 30_000 })
expectType<RequestOptions>({ timeout: { connect: 1000, read: null, total: 60_000 } })
expectType<RequestOptions>({ json: null })
expectType<RequestOptions>({ verify: false, cert: ['client.pem', 'client.key'] })
expectType<RequestOptions>({ proxies: { https: 'http://proxy.test:3128', http: null } })
expectType<RequestOptions>({ retries: 3, credentials: 'include' })

for (const data of [
  null,
  'text',
  new Uint8Array(1),
  new ArrayBuffer(1),
  new Blob(),
  stream,
  chunks,
]) {
  expectType<RequestOptions>({ data })
}
expectType<RequestOptions>({ data: { a: 1, b: ['x', 'y'] } })
expectType<RequestOptions>({ data: [['a', '1']] })
expectType<RequestOptions>({ data: () => stream })
expectType<RequestOptions>({ data: new FormData() })
expectType<RequestOptions>({ files: { a: new Blob(), b: ['b.txt', 'text', 'text/plain'] } })
expectType<RequestOptions>({ files: [['a', [null, 'plain field']]] })
expectType<RequestOptions>({ files: { many: ['one', 'two'].map((each) => new Blob([each])) } })

// Every member may be passed on as it is, given or not.
declare const given: { timeout?: number | undefined; signal?: AbortSignal | undefined }
expectType<RequestOptions>({ timeout: given.timeout, signal: given.signal })

// @ts-expect-error: verification is switched off by the literal false alone.
expectType<RequestOptions>({ verify: null })
// @ts-expect-error: the same.
expectType<RequestOptions>({ verify: 0 })
// @ts-expect-error: a policy of fetch, not a word of credentials.
expectType<RequestOptions>({ credentials: 'yes' })
// @ts-expect-error: bytes, not numbers in a list.
expectType<RequestOptions>({ data: [1, 2, 3] })
// @ts-expect-error: no such option.
expectType<RequestOptions>({ timeOut: 1 })

declare const session: Session
expectType<PromiseLike<unknown>>(session.post('/a', { json: { a: 1 }, timeout: 5000 }))
expectType<AsyncDisposable>(session)
