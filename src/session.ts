/** Step 1 of 6, with all steps behind it: see `session-base.ts`. */
import type { SendContext } from './exchange.ts'
import type { PreparedInit } from './prepared-init.ts'
import type { Response } from './response.ts'
import { send } from './send.ts'
import { SessionBase } from './session-base.ts'

export class Session extends SessionBase {
  protected override dispatch(parts: PreparedInit, context: SendContext): Promise<Response> {
    return send(parts, context)
  }
}
