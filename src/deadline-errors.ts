/** What a limit of time says when it is reached (leaf of the deadline): which, how long, how far. */
import { ReadTimeoutError } from './call-errors.ts'
import type { ErrorRequest } from './call-errors.ts'
import type { Phase, TimeLimits } from './deadline-limits.ts'
import { redactURL } from './shown-url.ts'

/** What an attempt sends; made into words only where a limit is reached. */
export interface About {
  readonly method: string
  readonly url: URL
}

export function shown({ method, url }: About): ErrorRequest {
  return { method, url: redactURL(url) }
}

/** How far an attempt had come. */
export interface Standing {
  readonly request: ErrorRequest | undefined
  /** Bytes of the bodies, so far. */
  readonly sent: number
  readonly received: number
  /** Milliseconds since the attempt began. */
  readonly elapsed: number
}

/** Nobody moved: the peer, or, before it answers where connecting cannot be seen, both. */
export function silence(
  phase: Phase,
  { connect, read }: Pick<TimeLimits, 'connect' | 'read'>,
  standing: Standing,
): Error {
  const { request } = standing
  const [limit, name] =
    phase === 'read'
      ? [read ?? 0, 'timeout.read']
      : [(connect ?? 0) + (read ?? 0), 'timeout.connect + timeout.read']
  return new ReadTimeoutError(
    `${nameOf(request)}: nothing was sent or received for ${String(limit)} milliseconds (${name}), ${soFar(standing)}.`,
    { request },
  )
}

export function nameOf(request: ErrorRequest | undefined): string {
  return request === undefined ? 'The call' : `${request.method} ${request.url}`
}

export function soFar({ sent, received, elapsed }: Standing): string {
  const milliseconds = String(Math.round(elapsed))
  return `after ${milliseconds} milliseconds with ${String(sent)} bytes of the body sent and ${String(received)} received`
}
