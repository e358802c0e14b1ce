/** Step 5 of 6 on Bun: `fetch` with a pool of its own where Bun has `FetchSession` (1.4). */
import { bare } from '../../src/own.ts'
import type { PoolSettings, Transport, TransportSettings } from '../../src/ports.ts'
import type { Dialect, FetchFunction } from '../fetch/dialect.ts'
import { openTransport } from '../fetch/open-transport.ts'
import { Spares } from '../fetch/spares.ts'
import { bunGlobal } from './bun-types.ts'
import type { BunSessionInit } from './bun-types.ts'
import { bunDialect } from './dialect.ts'
import { textCarrier } from './text-carrier.ts'

export function bunTransport(given: TransportSettings): Transport {
  const settings = bare(given)
  const Session = bunGlobal()?.FetchSession
  const tls = bare(settings.tls ?? {})
  if (Session === undefined) return openTransport(bunDialect(globalFetch, tls), settings)
  const session = new Session({ keepAlive: keepAlive(settings.pool ? bare(settings.pool) : null) })
  const { fetch } = session
  // Nobody can have put another one in its place, as for the global `fetch`.
  const dialect: Dialect = { ...bunDialect(() => fetch, tls), spares: new Spares(), textCarrier }
  return openTransport(dialect, settings, () => session.close())
}

function globalFetch(): FetchFunction {
  return globalThis.fetch
}

function keepAlive(pool: PoolSettings | null): BunSessionInit['keepAlive'] {
  if (pool === null) return true
  if (pool.maxIdle === 0 || pool.idleTimeout === 0) return false
  return {
    ...(pool.idleTimeout === undefined ? {} : { idleTimeout: seconds(pool.idleTimeout) }),
    ...(pool.maxIdle === undefined ? {} : { maxIdleSockets: pool.maxIdle }),
  }
}

/** Measured on 1.4.5: `idleTimeout` counts seconds, looked at every four. */
function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000))
}
