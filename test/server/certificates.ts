/** The certificates of the test servers, made anew at each start: nothing secret is ever stored. */
// x509 is built on decorators that need this first.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

export interface Identity {
  /** PEM. */
  readonly cert: string
  /** PEM, PKCS #8. */
  readonly key: string
}

export interface Certificates {
  /** PEM of the authority. */
  readonly ca: string
  readonly valid: Identity
  readonly expired: Identity
  readonly wrongHost: Identity
  readonly selfSigned: Identity
  /** For clients, signed by the authority; its common name is `client`. */
  readonly client: Identity
}

interface Authority {
  readonly certificate: x509.X509Certificate
  readonly keys: CryptoKeyPair
}

interface LeafOptions {
  readonly names: x509.JsonGeneralNames
  readonly days: readonly [from: number, to: number]
  /** Null signs with the leaf's own key. */
  readonly authority: Authority | null
  readonly usage?: x509.ExtendedKeyUsage
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
const LEAF = x509.KeyUsageFlags.digitalSignature
const SELF_SIGNED: x509.KeyUsageFlags = LEAF | x509.KeyUsageFlags.keyCertSign

/** Names below `server.localhost` too, so that a proxy can tell cases apart; OpenSSL takes no
 *  wildcard directly below `localhost`. */
const LOCAL_NAMES: x509.JsonGeneralNames = [
  { type: 'dns', value: 'localhost' },
  { type: 'dns', value: '*.server.localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
]

export async function makeCertificates(): Promise<Certificates> {
  x509.cryptoProvider.set(globalThis.crypto)
  const authority = await makeAuthority()
  const names = LOCAL_NAMES
  const elsewhere: x509.JsonGeneralNames = [{ type: 'dns', value: 'elsewhere.test' }]
  const client: x509.JsonGeneralNames = [{ type: 'dns', value: 'client' }]
  const usage = x509.ExtendedKeyUsage.clientAuth
  const [valid, expired, wrongHost, selfSigned, forClients] = await Promise.all([
    makeLeaf({ names, days: [-1, 90], authority }),
    makeLeaf({ names, days: [-30, -2], authority }),
    makeLeaf({ names: elsewhere, days: [-1, 90], authority }),
    makeLeaf({ names, days: [-1, 90], authority: null }),
    makeLeaf({ names: client, days: [-1, 90], authority, usage }),
  ])
  const ca = authority.certificate.toString('pem')
  return { ca, valid, expired, wrongHost, selfSigned, client: forClients }
}

async function makeAuthority(): Promise<Authority> {
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Ubiquest Test Authority',
    ...validity([-40, 365]),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate, keys }
}

async function makeLeaf({ names, days, authority, usage }: LeafOptions): Promise<Identity> {
  const keys = await makeKeys()
  const subject = `CN=${names[0]?.value ?? 'localhost'}`
  const issuerKeys = authority?.keys ?? keys
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: authority?.certificate.subject ?? subject,
    ...validity(days),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    extensions: [
      // One that signs itself is an authority, as `openssl req -x509` makes it: BoringSSL (Bun) takes
      // any other for the leaf of an unknown one.
      new x509.BasicConstraintsExtension(authority === null, undefined, true),
      new x509.KeyUsagesExtension(authority === null ? SELF_SIGNED : LEAF, true),
      new x509.ExtendedKeyUsageExtension([usage ?? x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKeys.publicKey),
    ],
  })
  return { cert: certificate.toString('pem'), key: await privateKeyText(keys) }
}

async function makeKeys(): Promise<CryptoKeyPair> {
  return globalThis.crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function privateKeyText({ privateKey }: CryptoKeyPair): Promise<string> {
  const bytes = await globalThis.crypto.subtle.exportKey('pkcs8', privateKey)
  return x509.PemConverter.encode(bytes, 'PRIVATE KEY')
}

function validity([from, to]: LeafOptions['days']): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now + from * DAY_MS), notAfter: new Date(now + to * DAY_MS) }
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. */
function serialNumber(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(12))
  return `01${Buffer.from(bytes).toString('hex')}`
}
