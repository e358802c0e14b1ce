/** Calls with options; loaded with the first. */
import { call } from '../../src/api.ts'
import type { FullCall } from '../../src/light-call.ts'
import { callPlatform } from './call-platform.ts'

export const fullCall: FullCall = (method, url, options) => call(callPlatform, method, url, options)
