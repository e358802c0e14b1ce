/** What a prepared request is made of, and what one `send` works with (layer 2): types alone. */
import type { AnyHooks } from './hooks.ts'
import type { BodySource, HeaderPairs } from './ports.ts'
import type { Auth, CookiesInput } from './types.ts'

export interface PreparedInit {
  readonly method: string
  readonly url: URL
  /** Names and values that have been checked. */
  readonly headers: HeaderPairs
  readonly body: BodySource | null
  readonly auth: Auth | null
  readonly cookies: CookiesInput | null
  readonly hooks?: AnyHooks | null | undefined
  /** Further names whose values no log may show. */
  readonly secretHeaders?: readonly string[] | undefined
}
