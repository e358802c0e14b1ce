/** What sends, loaded with the first call: steps 3 to 6. */
import { senderOf } from '../fetch/send.ts'
import type { Sender } from '../fetch/sender.ts'
import { browserDialect } from './dialect.ts'

export { send } from '../../src/send.ts'

export const sender: Sender = /* @__PURE__ */ senderOf(browserDialect)
