/** `timeout.total` of a download: one limit for all its requests, waits and pauses together. */
import { TotalTimeoutError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { unsupported } from '../unsupported.ts'
import { redactURL } from '../shown-url.ts'
import { webType } from '../web.ts'

export interface TimeLimit {
  /** Aborted by the limit or by the caller, whoever comes first; null when nobody can. */
  readonly signal: AbortSignal | null
  /** Nothing is left running. */
  end(): void
}

/** @param total milliseconds, or null for no limit. */
export function startTimeLimit(
  clock: Clock,
  total: number | null,
  url: URL,
  caller: AbortSignal | null,
): TimeLimit {
  if (total === null) return { signal: caller, end: () => undefined }
  const controller = newController()
  const stop = (): void => {
    controller.abort(caller?.reason)
  }
  if (caller?.aborted === true) stop()
  caller?.addEventListener('abort', stop, { once: true })
  // Held: while the caller pauses, nothing else keeps the process alive.
  const ticket = clock.start(() => controller.abort(tooLong(total, url)), total, true)
  const end = (): void => {
    ticket.cancel()
    caller?.removeEventListener('abort', stop)
  }
  return { signal: controller.signal, end }
}

export function newController(): AbortController {
  const Controller = webType('AbortController')
  if (Controller !== undefined) return new Controller()
  throw unsupported('download()', 'this engine', 'It has no AbortController.')
}

function tooLong(total: number, url: URL): TotalTimeoutError {
  const shown = redactURL(url)
  return new TotalTimeoutError(
    `The download of ${shown} took longer than ${String(total)} milliseconds in all (timeout.total).`,
    { request: { method: 'GET', url: shown } },
  )
}
