/**
 * Classes that calls load only when they use them, by names of their own: a bundler that looks at
 * files, as esbuild does, would load them with each `get` if the entry named the files they are in.
 */
import { CookieJar as CoreCookieJar } from '../../src/cookies/jar.ts'
import { PreparedRequest as CorePreparedRequest } from '../../src/prepared-request.ts'
import { Request as CoreRequest } from '../../src/request.ts'
import { Retry as CoreRetry } from '../../src/retry.ts'

export type CookieJar = CoreCookieJar
export const CookieJar: typeof CoreCookieJar = CoreCookieJar
export type PreparedRequest = CorePreparedRequest
export const PreparedRequest: typeof CorePreparedRequest = CorePreparedRequest
export type Request = CoreRequest
export const Request: typeof CoreRequest = CoreRequest
export type Retry = CoreRetry
export const Retry: typeof CoreRetry = CoreRetry
