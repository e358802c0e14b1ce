/** The bundle that the build makes of undici-entry.js. */
import type { Undici } from '../undici/shims.ts'

export const Client: Undici['Client']
export const buildConnector: Undici['buildConnector']
