/** What environment variables say about connections (layer 1). Empty ones count as unset. */
import type { EnvironmentSettings, ProxyRules } from './ports.ts'

/** In the order of `requests` and curl; the last one is OpenSSL's own. */
const AUTHORITIES = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE'] as const

/** Of most environments: one and the same, so that what was merged from it is found again. */
const NOTHING: EnvironmentSettings = /* @__PURE__ */ Object.freeze({
  proxies: /* @__PURE__ */ Object.freeze({}),
})

export function readEnvironment(
  get: (name: string) => string | undefined,
  rules: ProxyRules,
): EnvironmentSettings {
  const proxies = rules.fromEnvironment(get)
  for (const name of AUTHORITIES) {
    const verify = get(name)
    if (verify !== undefined && verify !== '') return { proxies, verify }
  }
  return Object.keys(proxies).length === 0 ? NOTHING : { proxies }
}
