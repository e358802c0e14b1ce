/** What is shaped after the web must be usable where code expects the web's own. */
import { Headers } from '../../src/headers.ts'
import type { Response } from '../../src/response.ts'
import type { Session } from '../../src/session.ts'
import { expectType } from './expect.ts'
import type { Expect, Same } from './expect.ts'

declare const response: Response
declare const session: Session

expectType<globalThis.Headers>(new Headers())
expectType<ConstructorParameters<typeof Headers>[0]>(new globalThis.Headers())
expectType<HeadersInit>(new Headers())
expectType<Iterable<[string, string]>>(new Headers())

expectType<globalThis.Response>(response)
expectType<globalThis.Response>(response.clone())
expectType<globalThis.Response>(response.toResponse())
expectType<Promise<globalThis.Response>>(session.get('https://a.test/'))
// Deno's type has this member of the standard already.
expectType<globalThis.Response & { textStream(): ReadableStream<string> }>(response)
expectType<BodyInit | null>(response.body)

expectType<typeof globalThis.fetch>(session.fetch)
export type NativeAnswer = Expect<
  Same<Awaited<ReturnType<typeof session.fetch>>, globalThis.Response>
>

// A fetch without a body of its own, as SDKs take it.
declare function sdk(options: { fetch: typeof globalThis.fetch }): void
sdk({ fetch: session.fetch })
const { fetch } = session
sdk({ fetch })
