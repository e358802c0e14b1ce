/** What a runtime's `fetch` does where there is nothing special about it: each dialect begins with this. */
import type { Dialect } from './dialect.ts'
import { nativeFields } from './fields.ts'

export const usualDialect: Pick<
  Dialect,
  'fields' | 'reader' | 'whole' | 'peek' | 'spares' | 'textCarrier' | 'bytesOf'
> = {
  fields: nativeFields,
  reader: null,
  whole: false,
  peek: null,
  spares: null,
  textCarrier: null,
  bytesOf: (response) => response.arrayBuffer(),
}
