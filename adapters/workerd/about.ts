/** What this entry of the package is, and what it can do. */
import type { Capabilities, RuntimeName } from '../../src/ports.ts'
import { workerdCapabilities } from './capabilities.ts'

/** Which entry of the package this is. */
export const runtime: RuntimeName = 'workerd'
/** What the default transport can do here; what it cannot is an `UnsupportedError`. */
export const capabilities: Capabilities = workerdCapabilities
