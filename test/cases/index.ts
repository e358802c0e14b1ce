/** All conformance cases in the order they run; the first ones prove which runtime this is. */
import { cases as addresses } from './addresses.ts'
import type { Case } from '../harness/case.ts'
import { cases as connections } from './connections.ts'
import { cases as digest } from './digest.ts'
import { cases as handlers } from './handlers.ts'
import { cases as proxies } from './proxies.ts'
import { cases as proxyAuth } from './proxy-auth.ts'
import { cases as parity } from './parity.ts'
import { cases as prepared } from './prepared.ts'
import { cases as redirectStrip } from './redirect-strip.ts'
import { cases as retries } from './retries.ts'
import { cases as sessionFetch } from './session-fetch.ts'
import { cases as sessionSurface } from './session-surface.ts'
import { cases as aborts } from './aborts.ts'
import { cases as auth } from './auth.ts'
import { cases as bodies } from './bodies.ts'
import { cases as cookieJars } from './cookies-jars.ts'
import { cases as cookiesKept } from './cookies-kept.ts'
import { cases as cookiesPage } from './cookies-page.ts'
import { cases as cookieRules } from './cookies-rules.ts'
import { cases as cookiesWorker } from './cookies-worker.ts'
import { cases as cookies } from './cookies.ts'
import { cases as decoding } from './decoding.ts'
import { cases as downloadHandles } from './download-opfs.ts'
import { cases as download } from './download.ts'
import { cases as failures } from './failures.ts'
import { cases as faults } from './faults.ts'
import { cases as files } from './files.ts'
import { cases as framing } from './framing.ts'
import { cases as hooks } from './hooks.ts'
import { cases as guaranteeInjection } from './guarantees-injection.ts'
import { cases as guaranteeUrls } from './guarantees-urls.ts'
import { cases as guaranteeLimits } from './guarantees-limits.ts'
import { cases as guaranteePollution } from './guarantees-pollution.ts'
import { cases as guaranteeSecrets } from './guarantees-secrets.ts'
import { cases as limits } from './limits.ts'
import { cases as misuse } from './misuse.ts'
import { cases as nativeInputs } from './native-inputs.ts'
import { cases as redirects } from './redirects.ts'
import { cases as requests } from './requests.ts'
import { cases as responses } from './responses.ts'
import { cases as runtime } from './runtime.ts'
import { cases as saving } from './saving.ts'
import { cases as sessions } from './sessions.ts'
import { cases as streaming } from './streaming.ts'
import { cases as timeouts } from './timeouts.ts'
import { cases as tls } from './tls.ts'
import { cases as uploadOptions } from './upload-options.ts'
import { cases as uploadSources } from './upload-sources.ts'
import { cases as uploads } from './uploads.ts'
import { cases as uploadsHTTP2 } from './uploads-http2.ts'

export const cases: readonly Case[] = [
  ...runtime,
  ...requests,
  ...bodies,
  ...framing,
  ...files,
  ...uploads,
  ...uploadsHTTP2,
  ...uploadSources,
  ...uploadOptions,
  ...nativeInputs,
  ...misuse,
  ...responses,
  ...decoding,
  ...streaming,
  ...limits,
  ...saving,
  ...redirects,
  ...redirectStrip,
  ...cookies,
  ...cookieRules,
  ...cookieJars,
  ...cookiesKept,
  ...cookiesPage,
  ...cookiesWorker,
  ...auth,
  ...digest,
  ...proxyAuth,
  ...sessions,
  ...sessionSurface,
  ...hooks,
  ...prepared,
  ...handlers,
  ...sessionFetch,
  ...failures,
  ...aborts,
  ...connections,
  ...tls,
  ...proxies,
  ...timeouts,
  ...retries,
  ...faults,
  ...download,
  ...downloadHandles,
  ...guaranteeInjection,
  ...guaranteeUrls,
  ...addresses,
  ...guaranteeLimits,
  ...guaranteePollution,
  ...guaranteeSecrets,
  ...parity,
]
