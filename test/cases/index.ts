/** All conformance cases in the order they run; the first ones prove which runtime this is. */
import type { Case } from '../harness/case.ts'
import { cases as runtime } from './runtime.ts'

export const cases: readonly Case[] = [...runtime]
