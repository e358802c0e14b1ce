/** What a transport was made with, checked once and laid under each request. */
import type {
  AddressPolicy,
  Capabilities,
  RuntimeName,
  TransportSettings,
  TransportTls,
  WireRequest,
} from '../src/ports.ts'
import { bare } from '../src/own.ts'
import { UnsupportedError } from '../src/errors.ts'
import { unsupported } from '../src/unsupported.ts'

const VERSIONS: readonly unknown[] = ['TLSv1.2', 'TLSv1.3', undefined]

/** Complete, and without a prototype that could add to it: a polluted `verify` would switch
 *  verification off. */
export interface CheckedSettings extends TransportSettings {
  readonly socketPath: string | null
  readonly tls: TransportTls
  readonly allowAddress: AddressPolicy | null
}

/** @throws TypeError for what is misspelt, UnsupportedError for what this transport cannot do. */
export function checkTransportSettings(
  given: TransportSettings,
  can: Capabilities,
  runtime: RuntimeName,
): CheckedSettings {
  const { pool = null, socketPath = null, tls = null, http2 = false } = bare(given)
  const allowAddress = bare(given).allowAddress ?? null
  if (socketPath !== null && !can.unixSocket) {
    throw unsupported('The transport setting socketPath', runtime, 'Listen on a port instead.')
  }
  if (tls !== null && !can.customCA) {
    throw unsupported('The transport setting tls', runtime, 'Leave it out.')
  }
  if (allowAddress !== null) checkPolicy(allowAddress, socketPath, { can, runtime })
  for (const [name, value] of Object.entries(pool ?? {})) checkNumber(`pool.${name}`, value)
  const checked = { pool: bare(pool ?? {}), socketPath, tls: bare(tls ?? {}), http2, allowAddress }
  checkTls(checked.tls)
  return bare(checked)
}

/** @param allowAddress whatever a caller without types may pass. */
function checkPolicy(
  allowAddress: unknown,
  socketPath: string | null,
  { can, runtime }: { readonly can: Capabilities; readonly runtime: RuntimeName },
): void {
  if (!can.addressPolicy) {
    throw unsupported(
      'The transport setting allowAddress',
      runtime,
      'Its connections are made out of sight: forbid addresses in the network around it.',
    )
  }
  if (allowAddress !== 'public' && typeof allowAddress !== 'function') {
    throw new TypeError(
      `allowAddress must be 'public' or a function (address, hostname) => boolean, not ${typeof allowAddress}.`,
    )
  }
  if (socketPath === null) return
  throw new TypeError('A transport with a socketPath has no addresses: leave allowAddress out.')
}

function checkTls({ minVersion, verify }: TransportTls): void {
  if (!VERSIONS.includes(minVersion)) {
    throw new TypeError(`tls.minVersion must be 'TLSv1.2' or 'TLSv1.3', not ${String(minVersion)}.`)
  }
  if (verify !== undefined && !(verify instanceof Uint8Array) && typeof verify !== 'string') {
    throw new TypeError(
      'tls.verify of a transport names authorities: a path, PEM text or bytes. Switch verification off where you make the call.',
    )
  }
}

/** NaN, negative and huge limits would be none (guarantee 9). */
function checkNumber(name: string, value: unknown): void {
  if (value === undefined) return
  if (typeof value === 'number' && value >= 0 && value <= 2_147_483_647) return
  throw new TypeError(`${name} must be a number from 0 to 2147483647.`)
}

/**
 * Where the call says nothing of its own. A socket is a place: no proxy stands before it.
 *
 * @throws UnsupportedError for a proxy, which connects out of sight of `allowAddress`.
 */
export function withTransportSettings(
  request: WireRequest,
  { socketPath, tls, allowAddress }: CheckedSettings,
): WireRequest {
  const { verify, cert } = tls
  if (allowAddress !== null && request.proxy !== null) {
    throw new UnsupportedError(
      'A proxy looks up addresses by itself, out of sight of the transport setting allowAddress. Pass `proxies: null`, or leave allowAddress to the proxy.',
    )
  }
  if (socketPath === null && verify === undefined && cert === undefined) return request
  const said = request.tls
  return {
    ...request,
    ...(socketPath === null ? {} : { socketPath, proxy: null }),
    tls: {
      verify: said.verify === true ? (verify ?? true) : said.verify,
      cert: said.cert ?? cert ?? null,
    },
  }
}
