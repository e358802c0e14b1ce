/** Whether a body can go out once more (leaf of step 3). */
import { UnrewindableBodyError } from './errors.ts'
import { aboutHop } from './exchange.ts'
import type { Hop } from './exchange.ts'

/** @throws UnrewindableBodyError */
export function mustReplay(hop: Hop, why: string): void {
  if (hop.body === null || hop.body.replayable) return
  throw new UnrewindableBodyError(
    `${hop.method} ${aboutHop(hop).url}: ${why} asks for the body once more, but a stream can be sent once. Pass a function that returns the stream, bytes, or file().`,
    { request: aboutHop(hop) },
  )
}
