/** What a jar is told when it is made, checked and complete: the jars of many sessions share one. */
import { own } from '../own.ts'
import type { CookieLimits } from './evict.ts'
import type { ReceiverOptions, SuffixLoader } from './receiver.ts'

export interface CookieJarOptions extends ReceiverOptions {
  /** Cookies per domain (180) and in all (3000). */
  readonly limits?: Partial<CookieLimits> | undefined
}

const LIMITS: CookieLimits = { perDomain: 180, total: 3000 }

const systemTime = (): number => Date.now()

export class JarSettings implements CookieJarOptions {
  readonly publicSuffix: SuffixLoader | undefined
  readonly onRefused: ReceiverOptions['onRefused']
  readonly now: () => number
  readonly limits: CookieLimits

  /** @throws TypeError */
  constructor(options: CookieJarOptions) {
    this.publicSuffix = own(options, 'publicSuffix')
    this.onRefused = own(options, 'onRefused')
    this.now = own(options, 'now') ?? systemTime
    const limits = own(options, 'limits')
    this.limits = limits === undefined ? LIMITS : checkLimits({ ...LIMITS, ...limits })
  }
}

function checkLimits(limits: CookieLimits): CookieLimits {
  for (const limit of [limits.perDomain, limits.total]) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new TypeError('The limits of a cookie jar must be whole numbers from 1 on.')
    }
  }
  return limits
}
