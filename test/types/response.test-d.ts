/** The types of what a response gives. */
import type { Response } from '../../src/response.ts'
import { expectType } from './expect.ts'
import type { Expect, Same } from './expect.ts'

declare const response: Response

export type Assertions = [
  Expect<Same<Awaited<ReturnType<typeof response.json>>, unknown>>,
  Expect<Same<Awaited<ReturnType<typeof response.text>>, string>>,
  Expect<Same<typeof response.content, Uint8Array>>,
  Expect<Same<typeof response.elapsed, number>>,
]

expectType<Promise<{ id: number }>>(response.json<{ id: number }>())
expectType<AsyncIterable<Uint8Array>>(response.iterContent(1024))
expectType<AsyncIterable<string>>(response.iterLines())
expectType<AsyncIterable<Uint8Array>>(response)
expectType<readonly Response[]>(response.history)
expectType<Response>(response.raiseForStatus())
expectType<AsyncDisposable>(response)

response.encoding = 'utf-8'
// @ts-expect-error: the status is what the server said.
response.status = 200
