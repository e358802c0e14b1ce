/**
 * Values nobody holds any more (layer 1): a response that was dropped unread would keep its
 * connection until the server gives up.
 */
import type { DropWatch } from './ports.ts'

export const dropWatch: DropWatch = {
  watch(target, release): void {
    registry()?.register(target, release, target)
  },
  forget(target): void {
    registry()?.unregister(target)
  },
}

type Registry = FinalizationRegistry<() => void>

let shared: Registry | null = null

/** Undefined on engines without one (Hermes): there, unread responses wait for their time-out. */
function registry(): Registry | undefined {
  if (typeof FinalizationRegistry === 'undefined') return undefined
  shared ??= new FinalizationRegistry<() => void>((release) => {
    release()
  })
  return shared
}
