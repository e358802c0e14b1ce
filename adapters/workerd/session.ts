/** `Session`, bound to workerd, with what belongs to one. */
import type { Transport, TransportSettings } from '../../src/ports.ts'
import { Session as CoreSession } from '../../src/session.ts'
import type { SessionInput } from '../../src/settings.ts'
import { platform } from './platform.ts'

/** One jar, one pool and one set of defaults for many calls. */
export class Session extends CoreSession {
  constructor(defaults?: SessionInput) {
    super(platform, defaults)
  }
}

/** The platform's own transport with other settings, to mount. */
export function transport(settings: TransportSettings = {}): Transport {
  return platform.transport(settings)
}
