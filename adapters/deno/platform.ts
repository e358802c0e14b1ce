/** What Deno brings along: as Node, but the environment is read only where that is granted. */
import { withPublicSuffixes } from '../../src/cookies/rules.ts'
import { coarseClock } from '../../src/deadline-coarse.ts'
import { dropWatch } from '../../src/drops.ts'
import { readEnvironment } from '../../src/environment.ts'
import { bare } from '../../src/own.ts'
import type { Platform } from '../../src/ports.ts'
import { proxyRules } from '../../src/proxies.ts'
import { redirectRules } from '../../src/redirect.ts'
import { decodeNow } from '../node/decode-now.ts'
import { zlibDecoders } from '../node/decoders.ts'
import { createHasher } from '../node/hash.ts'
import { netrcReader } from '../node/netrc.ts'
import { loadPublicSuffixes } from '../public-suffixes.ts'
import { defaultHeaders } from '../undici/default-headers.ts'
import { files } from './files.ts'
import { netrcFiles } from './netrc-files.ts'
import { openTransport, sharedTransport } from './transport.ts'

// A missing member means "cannot", whatever is on the prototype of other objects.
export const platform: Platform = /* @__PURE__ */ bare<Platform>({
  runtime: 'deno',
  defaultHeaders,
  clock: coarseClock(),
  sharedTransport,
  transport: openTransport,
  environment,
  environmentSettings: () => readEnvironment(reader(), proxyRules),
  netrc: /* @__PURE__ */ netrcReader(environment, mayRead, Date.now, netrcFiles),
  files,
  decoders: zlibDecoders,
  // A Brotli body that is cut off would pass for a whole one.
  decodeNow: (coding, bytes, limit) => (coding === 'br' ? null : decodeNow(coding, bytes, limit)),
  cookies: /* @__PURE__ */ withPublicSuffixes(loadPublicSuffixes),
  redirects: redirectRules,
  proxies: proxyRules,
  hash: createHasher,
  drops: dropWatch,
})

interface DenoNamespace {
  readonly env: { get(name: string): string | undefined }
  readonly permissions: {
    querySync(what: { name: 'env'; variable?: string } | { name: 'read'; path: string }): {
      readonly state: string
      /** Of what is granted, something is denied. */
      readonly partial?: boolean
    }
  }
}

/** Never prompts: `Deno.env.get` would, where the permission is neither granted nor denied. */
function environment(name: string): string | undefined {
  const deno = Reflect.get(globalThis, 'Deno') as DenoNamespace | undefined
  if (deno?.permissions.querySync({ name: 'env', variable: name }).state !== 'granted') {
    return undefined
  }
  return deno.env.get(name)
}

/** Where all is granted, it is asked for once: each question takes longer than the answer. */
function reader(): (name: string) => string | undefined {
  const deno = Reflect.get(globalThis, 'Deno') as DenoNamespace | undefined
  const all = deno?.permissions.querySync({ name: 'env' })
  if (deno === undefined || all?.state !== 'granted' || all.partial === true) return environment
  return (name) => deno.env.get(name)
}

function mayRead(path: string): boolean {
  const deno = Reflect.get(globalThis, 'Deno') as DenoNamespace | undefined
  return deno?.permissions.querySync({ name: 'read', path }).state === 'granted'
}
