/** What Node brings along. */
import { withPublicSuffixes } from '../../src/cookies/rules.ts'
import { coarseClock } from '../../src/deadline-coarse.ts'
import { dropWatch } from '../../src/drops.ts'
import { readEnvironment } from '../../src/environment.ts'
import { bare } from '../../src/own.ts'
import type { Platform } from '../../src/ports.ts'
import { proxyRules } from '../../src/proxies.ts'
import { redirectRules } from '../../src/redirect.ts'
import { loadPublicSuffixes } from '../public-suffixes.ts'
import { defaultHeaders } from '../undici/default-headers.ts'
import { nodeProcess } from './builtins.ts'
import { decodeNow } from './decode-now.ts'
import { zlibDecoders } from './decoders.ts'
import { files } from './files.ts'
import { createHasher } from './hash.ts'
import { netrcReader } from './netrc.ts'
import { openTransport, sharedTransport } from './transport.ts'

// A missing member means "cannot", whatever is on the prototype of other objects.
export const platform: Platform = /* @__PURE__ */ bare<Platform>({
  runtime: 'node',
  defaultHeaders,
  clock: coarseClock(),
  sharedTransport,
  transport: openTransport,
  environment,
  environmentSettings: () => readEnvironment(environment, proxyRules),
  netrc: /* @__PURE__ */ netrcReader(environment),
  files,
  decoders: zlibDecoders,
  decodeNow,
  cookies: /* @__PURE__ */ withPublicSuffixes(loadPublicSuffixes),
  redirects: redirectRules,
  proxies: proxyRules,
  hash: createHasher,
  drops: dropWatch,
})

function environment(name: string): string | undefined {
  try {
    return nodeProcess()?.env?.[name]
  } catch {
    // Node's permission model may refuse it: then there is no environment for us.
    return undefined
  }
}
