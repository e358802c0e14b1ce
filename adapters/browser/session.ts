/** `Session`, bound to browsers, with what belongs to one. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import type { SendContext } from '../../src/exchange.ts'
import type { PreparedInit } from '../../src/prepared-init.ts'
import type { Response } from '../../src/response.ts'
import { SessionBase } from '../../src/session-base.ts'
import type { SessionInput } from '../../src/settings.ts'
import { platform } from './platform.ts'
import type * as Sending from './sending.ts'

let sending: typeof Sending | null = null

/** One jar, one pool and one set of defaults for many calls. */
export class Session extends SessionBase {
  constructor(defaults?: SessionInput) {
    super(platform, defaults)
  }

  protected override async dispatch(parts: PreparedInit, context: SendContext): Promise<Response> {
    sending ??= await import('./sending.ts')
    return sending.send(parts, context)
  }
}

/** The platform's own transport with other settings, to mount. */
export function transport(settings: TransportSettings = {}): Transport {
  return platform.transport(settings)
}
