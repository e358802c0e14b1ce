/** What a browser brings along for sessions: jars that it shows, transports with settings. */
import { bare } from '../../src/own.ts'
import type { Platform } from '../../src/ports.ts'
import { shareTransport } from '../fetch/shared.ts'
import { basics } from './basics.ts'
import { pageCookies } from './cookies.ts'
import { browserTransport } from './transport.ts'

export const platform: Platform = /* @__PURE__ */ withSessions()

function withSessions(): Platform {
  return bare<Platform>({
    ...basics,
    sharedTransport: shareTransport(browserTransport),
    transport: browserTransport,
    pageCookies,
  })
}
