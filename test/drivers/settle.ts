/** Waits until the connections are gone, so that what the library still holds then is a leak. */
import type { Servers } from '../harness/case.ts'
import { callWithFetch } from './context.ts'

/** Above one tick of the shared clock, which stops at the tick after the last request. */
const TICK_MS = 400
/** Gives up silently: whoever watches for leaks says more about them. */
const TICKS = 25

/** The launcher stops the server at the end of the list, which closes the pool's idle sockets. */
export async function settle({ control }: Servers): Promise<void> {
  for (let ticks = 0; ticks < TICKS && (await answers(control)); ticks += 1) await tick()
  await tick()
}

async function answers(url: string): Promise<boolean> {
  try {
    await callWithFetch(`${url}/stats`, { method: 'GET', body: null })
    return true
  } catch {
    // Refused: the server has ended.
    return false
  }
}

async function tick(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, TICK_MS))
}
