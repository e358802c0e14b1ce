/**
 * The addresses that connections may lead to (guarantee 15), asked at the one place where they are
 * known: between DNS and the socket. A check before the request would look up another answer than the
 * connection uses (DNS rebinding).
 */
import { isPublicAddress, readAddress } from '../../src/addresses.ts'
import type { AddressPolicy } from '../../src/ports.ts'
import type { Connector, Lookup, UndiciHost } from './shims.ts'

/** The code tells the translation of errors what happened. */
export class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED'
}

/** What `node:net` asks for the addresses of a host: those that are allowed, or an error. */
export function guardedLookup(policy: AddressPolicy, host: UndiciHost): Lookup {
  return (hostname, options, callback) => {
    const { all = false, family = 0 } = options
    host.lookup(hostname, family).then(
      (found) => {
        try {
          const allowed = found.filter(({ address }) => isAllowed(address, hostname, policy))
          const [first] = allowed
          if (first === undefined) throw refused(found.map(({ address }) => address))
          if (all) callback(null, allowed)
          else callback(null, first.address, first.family)
        } catch (error) {
          callback(error)
        }
      },
      (error: unknown) => {
        callback(error)
      },
    )
  }
}

/** A host that is an address already is never looked up. */
export function guardedConnector(connect: Connector, policy: AddressPolicy): Connector {
  return (target, callback) => {
    const { hostname } = target
    try {
      const isName = readAddress(hostname) === null
      if (isName || isAllowed(hostname, hostname, policy)) return connect(target, callback)
      throw refused([hostname])
    } catch (error) {
      // Whoever asked has to have the socket in hand first.
      queueMicrotask(() => {
        callback(
          error instanceof Error ? error : new Error('allowAddress failed', { cause: error }),
        )
      })
      return undefined
    }
  }
}

/** What cannot be read as an address (one with a zone) is not allowed, and whoever does not say `true`
 *  has not allowed it: the promise of an async function would let everything through. */
function isAllowed(found: string, hostname: string, policy: AddressPolicy): boolean {
  const address = readAddress(found)
  if (address === null) return false
  if (policy === 'public') return isPublicAddress(address)
  const answer: unknown = policy(address.text, hostname)
  if (typeof answer === 'boolean') return answer
  throw new TypeError(`allowAddress must return true or false at once, not ${typeof answer}.`)
}

function refused(addresses: readonly string[]): AddressRefused {
  return new AddressRefused(`allowAddress refuses ${addresses.join(', ')}.`)
}
