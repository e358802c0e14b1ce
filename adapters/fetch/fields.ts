/** The header fields of a native `Response`, read where they lie until somebody wants them all. */
import { fieldsOf } from '../../src/header-list.ts'
import type { HeaderFields, HeaderPairs } from '../../src/ports.ts'
import { listFields } from './answer-head.ts'

/** Of the runtime's own headers, or what passes for them. */
export type NativeHeaders = Pick<Headers, 'get' | 'forEach'> &
  Partial<Pick<Headers, 'getSetCookie'>>

export function nativeFields({ headers }: Response): HeaderFields {
  return new NativeFields(headers)
}

export class NativeFields implements HeaderFields {
  readonly #native: NativeHeaders

  constructor(native: NativeHeaders) {
    this.#native = native
  }

  get(name: string): string | null {
    return this.#native.get(name)
  }

  getSetCookie(): readonly string[] {
    const native = this.#native
    return native.getSetCookie?.() ?? fieldsOf(listFields(native)).getSetCookie()
  }

  pairs(): HeaderPairs {
    return listFields(this.#native)
  }
}
