/** What a platform that keeps cookies itself gives to the core: jars of ours. */
import type { CookieRules } from '../ports.ts'
import { CookieJar } from './jar.ts'
import { JarSettings } from './jar-settings.ts'
import type { SuffixLoader } from './receiver.ts'

/** Jars that load the public suffixes when the first cookie names a Domain. */
export function withPublicSuffixes(
  publicSuffix: SuffixLoader,
  rules: Omit<CookieRules, 'createJar'> = {},
): CookieRules {
  const settings = new JarSettings({ publicSuffix })
  return { ...rules, createJar: () => new CookieJar(settings) }
}
