/** The few shapes of the `Bun` global that are used: no `@types/bun` in what is published. */
import type { FetchFunction } from '../fetch/dialect.ts'

export interface BunFile {
  readonly size: number
  text(): Promise<string>
}
export interface BunFetchSession {
  readonly fetch: FetchFunction
  /** Closes idle connections; requests in flight finish. */
  close(): void
}
export interface BunSessionInit {
  readonly keepAlive: boolean | { readonly idleTimeout?: number; readonly maxIdleSockets?: number }
}
export interface BunPeek {
  /** The value of a promise that is fulfilled, the promise itself while it is pending, or its error. */
  (promise: Promise<unknown>): unknown
}
export interface BunGlobal {
  file(path: string | URL): BunFile
  readonly peek: BunPeek
  /** From 1.4 on. */
  readonly FetchSession?: new (init: BunSessionInit) => BunFetchSession
}

/** Undefined elsewhere: the module may be loaded by any runtime. */
export function bunGlobal(): BunGlobal | undefined {
  // Bun defines it with at least the members above since 1.0 (FetchSession is optional here).
  return Reflect.get(globalThis, 'Bun') as BunGlobal | undefined
}
