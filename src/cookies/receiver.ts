/** A Set-Cookie line on its way into the jar (RFC 6265bis §5.7): read, judged, stored. */
import { AttributeReader } from './attributes.ts'
import type { Evictor } from './evict.ts'
import { expiryTime } from './lifetime.ts'
import { defaultPath } from './path.ts'
import { asksSuffix, attributeFault, overlaysSecure, scopeOf } from './receive.ts'
import type { PublicSuffix } from './receive.ts'
import { copyText, Remembered } from './remembered.ts'
import { isSecure } from './secure-host.ts'
import { parseCookieLine } from './set-cookie.ts'
import type { ParsedCookie } from './set-cookie.ts'
import { isExpired, newCookie } from './stored-cookie.ts'
import type { BucketScope, CookieTable } from './table.ts'

/** Gives the function that finds the public suffix of a domain, at once when it is there. */
export type SuffixLoader = () => PublicSuffix | Promise<PublicSuffix>

export interface ReceiverOptions {
  /** Without it every Domain of several labels is believed, and single labels are refused. */
  readonly publicSuffix?: SuffixLoader | undefined
  /** Told why a Set-Cookie line was not stored, without its value. */
  readonly onRefused?: ((reason: string, url: URL) => void) | undefined
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined
}

/** Where it goes, and when it came. */
interface Arrival {
  readonly path: string
  readonly scope: BucketScope
  readonly at: number
}

export class CookieReceiver {
  readonly #table: CookieTable
  readonly #evictor: Evictor
  readonly #options: ReceiverOptions
  readonly #now: () => number
  readonly #reader = new AttributeReader()
  readonly #names = new Remembered<string>()
  #publicSuffix: PublicSuffix | null = null

  constructor(table: CookieTable, evictor: Evictor, options: ReceiverOptions) {
    this.#table = table
    this.#evictor = evictor
    this.#options = options
    this.#now = options.now ?? (() => Date.now())
  }

  receive(line: string, url: URL): void | Promise<void> {
    const parsed = parseCookieLine(line, url.hostname, this.#reader)
    if ('refused' in parsed) {
      this.#options.onRefused?.(parsed.refused, url)
      return
    }
    const { publicSuffix } = this.#options
    if (publicSuffix === undefined || this.#publicSuffix !== null || !asksSuffix(parsed)) {
      this.#judge(parsed, url)
      return
    }
    const loading = publicSuffix()
    if (typeof loading === 'function') {
      this.#publicSuffix = loading
      this.#judge(parsed, url)
      return
    }
    return loading.then((loaded) => {
      this.#publicSuffix = loaded
      this.#judge(parsed, url)
    })
  }

  #judge(cookie: ParsedCookie, url: URL): void {
    const { reading } = cookie
    const { attributes } = reading
    const scope = (reading.scope ??= scopeOf(attributes.domain, url.hostname, this.#publicSuffix))
    if ('refused' in scope) {
      this.#options.onRefused?.(scope.refused, url)
      return
    }
    const isSafe = isSecure(url)
    const path = attributes.path ?? defaultPath(url.pathname)
    const at = this.#now()
    let fault = attributeFault(cookie, scope.hostOnly, isSafe)
    const { name } = cookie
    if (!isSafe && overlaysSecure({ name, path, domain: scope.domain }, this.#table, at)) {
      fault ??= 'it would lie over a Secure cookie of that name'
    }
    if (fault === null) this.#store(cookie, { path, scope, at })
    else this.#options.onRefused?.(fault, url)
  }

  /** Steps 23 to 25: what it replaces is changed in place, and an expired one only removes that. */
  #store(cookie: ParsedCookie, { path, scope, at }: Arrival): void {
    const { name, value } = cookie
    const { attributes } = cookie.reading
    const expires = expiryTime(attributes.maxAge, cookie.expires, at)
    const held = this.#table.findIn(scope, name, path)
    if (expires !== null && expires <= at) {
      if (held !== undefined) this.#table.remove(held, at)
      return
    }
    const change = { value, expires, flags: attributes, at }
    if (held !== undefined && !isExpired(held, at)) {
      this.#table.refresh(held, change)
      return
    }
    const added = newCookie(this.#shared(name), path, scope, change)
    this.#table.put(added)
    this.#evictor.makeRoom(added, at)
  }

  /** Hosts give their cookies the same names: one text for all of them. */
  #shared(name: string): string {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const copy = copyText(name)
    return this.#names.keep(copy, copy)
  }
}
