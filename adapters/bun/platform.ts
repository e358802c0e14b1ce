/** What Bun brings along: its `fetch`, and Node's modules for files, decoding and hashes. */
import { withPublicSuffixes } from '../../src/cookies/rules.ts'
import { coarseClock } from '../../src/deadline-coarse.ts'
import { dropWatch } from '../../src/drops.ts'
import { readEnvironment } from '../../src/environment.ts'
import { bare } from '../../src/own.ts'
import type { Platform } from '../../src/ports.ts'
import { proxyRules } from '../../src/proxies.ts'
import { redirectRules } from '../../src/redirect.ts'
import { defaultHeaders } from '../fetch/default-headers.ts'
import { shareTransport } from '../fetch/shared.ts'
import { nodeProcess } from '../node/builtins.ts'
import { decodeNow } from '../node/decode-now.ts'
import { zlibDecoders } from '../node/decoders.ts'
import { files } from '../node/files.ts'
import { createHasher } from '../node/hash.ts'
import { netrcReader } from '../node/netrc.ts'
import { loadPublicSuffixes } from '../public-suffixes.ts'
import { bunTransport } from './transport.ts'

// A missing member means "cannot", whatever is on the prototype of other objects.
export const platform: Platform = /* @__PURE__ */ bare<Platform>({
  runtime: 'bun',
  defaultHeaders,
  clock: /* @__PURE__ */ coarseClock(),
  sharedTransport: /* @__PURE__ */ shareTransport(() => bunTransport({})),
  transport: bunTransport,
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
  return nodeProcess()?.env?.[name]
}
