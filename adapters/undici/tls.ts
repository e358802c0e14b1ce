/** TLS settings: the part of a pool's key they make, and what the connector takes for them. */
import { RequestError, SSLError } from '../../src/errors.ts'
import type { TlsSettings } from '../../src/ports.ts'
import type { ConnectOptions, UndiciHost } from './shims.ts'

/** Tells settings apart by their content. A pool that forgets one (verification off, another
 *  authority) would hand its sockets to requests that never agreed to it (guarantee 10). */
export class TlsKeys {
  readonly #bySettings = new WeakMap<TlsSettings, string>()
  readonly #byContent = new Map<string, string>()

  /** Short, since a bundle of authorities has 200 kB. Empty for the system's authorities. */
  keyOf(settings: TlsSettings): string {
    if (settings.verify === true && settings.cert === null) return ''
    const known = this.#bySettings.get(settings)
    if (known !== undefined) return known
    const content = contentOf(settings)
    let key = this.#byContent.get(content)
    if (key === undefined) {
      key = `tls${String(this.#byContent.size + 1)}`
      this.#byContent.set(content, key)
    }
    this.#bySettings.set(settings, key)
    return key
  }
}

/** @throws SSLError when a file cannot be read or holds no PEM. */
export async function tlsOptions(
  settings: TlsSettings,
  host: UndiciHost,
): Promise<{ trust: ConnectOptions; identity: ConnectOptions }> {
  const { verify, cert } = settings
  let trust: ConnectOptions = {}
  if (verify === false) trust = { rejectUnauthorized: false }
  // Own authorities replace those of the system: node:tls asks no other once `ca` is given.
  else if (verify !== true) trust = { ca: await loadPem(verify, 'verify', host) }
  if (cert === null) return { trust, identity: {} }
  const [certInput, keyInput] = typeof cert === 'string' ? [cert, cert] : cert
  const certPem = await loadPem(certInput, 'cert', host)
  const keyPem = keyInput === certInput ? certPem : await loadPem(keyInput, 'cert', host)
  return { trust, identity: { cert: certPem, key: keyPem } }
}

function contentOf({ verify, cert }: TlsSettings): string {
  const trusted = verify instanceof Uint8Array ? new TextDecoder('latin1').decode(verify) : verify
  return JSON.stringify([trusted, cert])
}

async function loadPem(
  input: string | Uint8Array,
  option: string,
  host: UndiciHost,
): Promise<string> {
  const text = new TextDecoder()
  const isText = typeof input === 'string' && input.includes('-----BEGIN')
  const pem = isText
    ? input
    : text.decode(typeof input === 'string' ? await readPem(input, option, host) : input)
  if (pem.includes('-----BEGIN')) return pem
  throw new SSLError(
    `The option ${option} holds no PEM block (-----BEGIN …). Give the path of a PEM file, its text or its bytes.`,
  )
}

async function readPem(path: string, option: string, host: UndiciHost): Promise<Uint8Array> {
  try {
    return await host.readFile(path)
  } catch (error) {
    const code = error instanceof RequestError ? error.code : 'TLS_FAILED'
    throw new SSLError(`The file ${JSON.stringify(path)} of the option ${option} cannot be read.`, {
      code,
      cause: error,
    })
  }
}
