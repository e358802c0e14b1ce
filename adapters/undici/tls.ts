/** TLS settings: the part of a pool's key they make, and what the connector takes for them. */
import { RequestError, SSLError } from '../../src/errors.ts'
import type { TlsSettings } from '../../src/ports.ts'
import { ConnectFailure } from './errors.ts'
import { LaterSocket } from './later-socket.ts'
import type { ConnectOptions, Connector, UndiciHost } from './shims.ts'

/** Tells settings apart by their content. A pool that forgets one (verification off, another
 *  authority) would hand its sockets to requests that never agreed to it (guarantee 10). */
export class TlsKeys {
  readonly #byTrust = new Map<string | boolean, Map<string, string>>()
  readonly #texts = new WeakMap<Uint8Array, string>()
  #made = 0

  /** Short, since a bundle of authorities has 200 kB. Empty for the system's authorities. */
  keyOf({ verify, cert }: TlsSettings): string {
    if (verify === true && cert === null) return ''
    const trust = verify instanceof Uint8Array ? this.#textOf(verify) : verify
    const identity = cert === null ? '' : JSON.stringify(cert)
    const keys = this.#byTrust.get(trust) ?? new Map<string, string>()
    this.#byTrust.set(trust, keys)
    let key = keys.get(identity)
    if (key === undefined) {
      this.#made += 1
      key = `tls${String(this.#made)}`
      keys.set(identity, key)
    }
    return key
  }

  #textOf(bytes: Uint8Array): string {
    const known = this.#texts.get(bytes)
    if (known !== undefined) return known
    const text = new TextDecoder('latin1').decode(bytes)
    this.#texts.set(bytes, text)
    return text
  }
}

export interface TlsOptions {
  readonly trust: ConnectOptions
  readonly identity: ConnectOptions
}

/**
 * A connector that follows its files: certificates are renewed while programs run, so each new
 * connection takes what is in them then.
 *
 * @throws SSLError when a file cannot be read or holds no PEM.
 */
export async function currentConnector(
  settings: TlsSettings,
  host: UndiciHost,
  build: (options: TlsOptions) => Connector,
): Promise<Connector> {
  let options = await tlsOptions(settings, host)
  let connect = build(options)
  if (!namesFiles(settings)) return connect
  return (target, callback) => {
    const later = new LaterSocket()
    tlsOptions(settings, host).then(
      (read) => {
        // The same connector resumes sessions, which saves a round trip.
        if (JSON.stringify(read) !== JSON.stringify(options)) connect = build(read)
        options = read
        const socket = connect(target, callback)
        if (socket !== undefined) later.hold(socket)
      },
      (error: unknown) => {
        callback(new ConnectFailure('connect', error))
      },
    )
    return later
  }
}

function namesFiles({ verify, cert }: TlsSettings): boolean {
  const inputs = [verify, ...(typeof cert === 'string' ? [cert] : (cert ?? []))]
  return inputs.some((input) => typeof input === 'string' && !isPem(input))
}

function isPem(text: string): boolean {
  return text.includes('-----BEGIN')
}

async function tlsOptions(settings: TlsSettings, host: UndiciHost): Promise<TlsOptions> {
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

async function loadPem(
  input: string | Uint8Array,
  option: string,
  host: UndiciHost,
): Promise<string> {
  const text = new TextDecoder()
  const isText = typeof input === 'string' && isPem(input)
  const pem = isText
    ? input
    : text.decode(typeof input === 'string' ? await readPem(input, option, host) : input)
  if (isPem(pem)) return pem
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
