/** Where a browser shows its cookies to script: a document, or the CookieStore of a worker. */
import type { CookieAttributes, CookieScope } from '../../src/types.ts'

export type CookiePair = readonly [name: string, value: string]

/** The last three where the engine answers later. */
export interface CookieSource {
  pairs(): readonly CookiePair[]
  write(name: string, value: string, attributes: CookieAttributes): void
  remove(name: string, scope: CookieScope): void
  reload?(): Promise<void>
  isChanged?(): boolean
  save?(): Promise<void>
}
