/** What calls without options need of a browser. */
import type { LightPlatform } from '../../src/light-call.ts'
import type * as Full from './full-calls.ts'
import { BrowserFlight } from './light-flight.ts'
import { pageUrl } from './page.ts'

let full: typeof Full | null = null

export const lightPlatform: LightPlatform = {
  runtime: 'browser',
  pageUrl,
  flight: (asked) => new BrowserFlight(asked),
  full: async (...asked) => (full ??= await import('./full-calls.ts')).fullCall(...asked),
}
