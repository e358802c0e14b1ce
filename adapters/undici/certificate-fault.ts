/**
 * Why a certificate was refused, where the runtime mixes it up: Deno 2.9 says of an expired one that
 * its issuer is unknown. A second handshake, which trusts nothing and sends nothing, brings the
 * certificate to look at its dates.
 */
import type { Connector, Socket } from './shims.ts'

const MIXED_UP = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'

/** @param peek makes a connection whose certificate is not verified. */
export function withCertificateFault(connect: Connector, peek: Connector): Connector {
  return (target, callback) =>
    connect(target, (error, socket) => {
      // Inside of a tunnel there is no second connection to be had.
      if (error === null || codeOf(error) !== MIXED_UP || target.httpSocket !== undefined) {
        callback(error, socket)
        return
      }
      peek(target, (_, peer) => {
        const expired = peer !== undefined && !isValidNow(peer)
        peer?.destroy()
        callback(expired ? expiredError(error) : error)
      })
    })
}

function isValidNow(peer: Socket): boolean {
  const certificate = peer.getPeerCertificate?.()
  const now = Date.now()
  // Comparisons with NaN are false: a date that cannot be read proves nothing.
  return !(
    Date.parse(certificate?.valid_to ?? '') < now || Date.parse(certificate?.valid_from ?? '') > now
  )
}

function expiredError(cause: Error): Error {
  const error = new Error('certificate has expired', { cause })
  return Object.assign(error, { code: 'CERT_HAS_EXPIRED' })
}

function codeOf(error: Error): unknown {
  return Reflect.get(error, 'code')
}
