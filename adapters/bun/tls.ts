/** `verify` and `cert` as Bun's `tls` option. */
import { RequestError } from '../../src/errors.ts'
import type { TlsSettings, TransportTls } from '../../src/ports.ts'
import { bunGlobal } from './bun-types.ts'

export interface BunTls {
  rejectUnauthorized?: boolean
  ca?: string | Uint8Array
  cert?: string
  key?: string
  /** Bun takes the number of the protocol, not its name (1.4.5). */
  minVersion?: number
  serverName?: string
}

const VERSIONS = { 'TLSv1.2': 0x303, 'TLSv1.3': 0x304 } as const

/** Files are read here, since Bun takes a missing one for no authority at all. */
export async function tlsInit(settings: TlsSettings, always: TransportTls = {}): Promise<BunTls> {
  const { verify, cert } = settings
  const { minVersion, serverName } = always
  const tls: BunTls = {}
  if (minVersion !== undefined) tls.minVersion = VERSIONS[minVersion]
  if (serverName !== undefined) tls.serverName = serverName
  if (verify === false) tls.rejectUnauthorized = false
  else if (verify instanceof Uint8Array) tls.ca = verify
  else if (typeof verify === 'string') tls.ca = await pem(verify)
  if (cert !== null) {
    const [certificate, key] = typeof cert === 'string' ? [cert, cert] : cert
    tls.cert = await pem(certificate)
    tls.key = await pem(key)
  }
  return tls
}

/** PEM text as it is; anything else is the path of a file with it. */
async function pem(text: string): Promise<string> {
  if (text.includes('-----BEGIN ')) return text
  try {
    const content = await bunGlobal()?.file(text).text()
    if (content?.includes('-----BEGIN ') !== true) throw new TypeError('The file is not PEM.')
    return content
  } catch (error) {
    throw new RequestError(`The certificate file ${text} cannot be read.`, {
      code: 'FILE_NOT_FOUND',
      cause: error,
    })
  }
}
