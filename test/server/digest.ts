/** The server's side of Digest (RFC 7616): challenges, and what is wrong with an answer. */
import { createHash } from 'node:crypto'

export interface DigestDemand {
  readonly user: string
  readonly password: string
  readonly algorithm: string
  readonly qop: string | null
  readonly userhash: boolean
  /** One character for each octet. */
  readonly realm?: string
  /** A nonce is stale after that many uses. */
  readonly uses: number
}

/** The request that an answer came with. */
export interface DigestRequest {
  readonly method: string
  /** As it was on the request line. */
  readonly target: string
  readonly body: Buffer
}

export function digestChallenge(
  { algorithm, qop, userhash, realm = REALM }: DigestDemand,
  stale: boolean,
): string {
  lastNonce += 1
  const nonce = `nonce-${String(lastNonce)}`
  nonces.set(nonce, 0)
  return [
    `Digest realm="${realm}"`,
    `nonce="${nonce}"`,
    'opaque="op, \\"aque\\""',
    `algorithm=${algorithm}`,
    ...(qop === null ? [] : [`qop="${qop}"`]),
    ...(userhash ? ['userhash=true', 'charset=UTF-8'] : []),
    ...(stale ? ['stale=true'] : []),
  ].join(', ')
}

/** The parameters of an answer. */
export function readDigest(header: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', quoted, plain = ''] of header.matchAll(
    /([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  )) {
    found[name.toLowerCase()] = quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1')
  }
  return found
}

/** Null where every part is right. */
export function digestProblem(
  given: Readonly<Record<string, string>>,
  request: DigestRequest,
  wanted: DigestDemand,
): string | null {
  const { nonce = '', nc = '' } = given
  const before = nonces.get(nonce)
  if (before === undefined) return 'unknown nonce'
  if (given['realm'] !== (wanted.realm ?? REALM)) return 'realm'
  if (given['opaque'] !== 'op, "aque"') return 'opaque'
  if (given['uri'] !== request.target) return `uri ${String(given['uri'])}`
  if (wanted.qop !== null) {
    const count = parseInt(nc, 16)
    if (!/^[0-9a-f]{8}$/.test(nc) || count <= before) return `nonce count ${nc}`
    if (count > wanted.uses) return 'stale'
    nonces.set(nonce, count)
    if (given['qop'] !== wanted.qop) return `qop ${String(given['qop'])}`
  }
  if (given['username'] !== userName(wanted)) return 'user name'
  return given['response'] === expected(given, request, wanted) ? null : 'response'
}

const REALM = 'ubiquest'
/** By nonce: the last count seen, which has to rise. */
const nonces = new Map<string, number>()
let lastNonce = 0

/** Hash names of Node by those of RFC 7616. */
const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
}

function userName(wanted: DigestDemand): string {
  return wanted.userhash ? hash(wanted.algorithm, account(wanted)) : wanted.user
}

function account({ user, realm = REALM }: DigestDemand): Buffer {
  return Buffer.concat([Buffer.from(`${user}:`), Buffer.from(realm, 'latin1')])
}

/** RFC 7616 §3.4. */
function expected(
  given: Readonly<Record<string, string>>,
  { method, target, body }: DigestRequest,
  wanted: DigestDemand,
): string {
  const { algorithm, qop, password } = wanted
  const { nonce = '', cnonce = '', nc = '' } = given
  const plain = hash(algorithm, Buffer.concat([account(wanted), Buffer.from(`:${password}`)]))
  const first = algorithm.endsWith('-sess') ? hash(algorithm, `${plain}:${nonce}:${cnonce}`) : plain
  const action = `${method}:${target}`
  const second = qop === 'auth-int' ? `${action}:${hash(algorithm, body)}` : action
  const middle = qop === null ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`
  return hash(algorithm, `${first}:${middle}:${hash(algorithm, second)}`)
}

function hash(algorithm: string, data: string | Buffer): string {
  const name = HASHES[algorithm.replace(/-sess$/, '')] ?? 'md5'
  return createHash(name).update(data).digest('hex')
}
