/** `/digest-auth/…`: a server of RFC 7616 that checks every part of an answer. */
import { createHash } from 'node:crypto'
import { sendJson } from '../call.ts'
import type { Call, Routes } from '../call.ts'
import { readBody } from '../request-body.ts'

export const digestRoutes: Routes = { 'digest-auth': digestAuth }

/** Hash names of Node by those of RFC 7616. */
const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
}
const REALM = 'ubiquest'
/** By nonce: the last count seen, which has to rise. */
const nonces = new Map<string, number>()
let lastNonce = 0

interface Wanted {
  readonly user: string
  readonly password: string
  readonly algorithm: string
  readonly qop: string | null
  readonly userhash: boolean
  /** A nonce is stale after that many uses. */
  readonly uses: number
}

/**
 * `/digest-auth/<qop>/<user>/<password>/<algorithm>?userhash=1&uses=1`; qop is `auth`, `auth-int` or
 * `none`. Answers with the body's text, the nonce count and the algorithm.
 */
async function digestAuth(call: Call): Promise<void> {
  const [qop = 'auth', user = '', password = '', algorithm = 'MD5'] = call.segments
  const wanted: Wanted = {
    ...{ user, password, algorithm, qop: qop === 'none' ? null : qop },
    userhash: call.params.get('userhash') === '1',
    uses: Number(call.params.get('uses') ?? 1000),
  }
  const { bytes } = await readBody(call, 1024 * 1024)
  const body = Buffer.from(bytes ?? [])
  const header = call.request.headers.authorization
  const given = header === undefined ? null : readAnswer(header)
  const problem = given === null ? 'no answer' : findProblem(given, { call, wanted, body })
  if (problem === null && given !== null) {
    const { nc = null, algorithm: named = null } = given
    sendJson(call, { authenticated: true, user, nc, algorithm: named, body: body.toString() })
    return
  }
  const fields = [['WWW-Authenticate', challenge(wanted, problem === 'stale')] as const]
  sendJson(call, { authenticated: false, problem }, { status: 401, fields })
}

function challenge({ algorithm, qop, userhash }: Wanted, stale: boolean): string {
  lastNonce += 1
  const nonce = `nonce-${String(lastNonce)}`
  nonces.set(nonce, 0)
  return [
    `Digest realm="${REALM}"`,
    `nonce="${nonce}"`,
    'opaque="op, \\"aque\\""',
    `algorithm=${algorithm}`,
    ...(qop === null ? [] : [`qop="${qop}"`]),
    ...(userhash ? ['userhash=true', 'charset=UTF-8'] : []),
    ...(stale ? ['stale=true'] : []),
  ].join(', ')
}

function readAnswer(header: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', quoted, plain = ''] of header.matchAll(
    /([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  )) {
    found[name.toLowerCase()] = quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1')
  }
  return found
}

interface Circumstances {
  readonly call: Call
  readonly wanted: Wanted
  readonly body: Buffer
}

function findProblem(given: Record<string, string>, around: Circumstances): string | null {
  const { call, wanted } = around
  const { nonce = '', nc = '' } = given
  const before = nonces.get(nonce)
  if (before === undefined) return 'unknown nonce'
  if (given['realm'] !== REALM || given['opaque'] !== 'op, "aque"') return 'realm or opaque'
  if (given['uri'] !== call.request.url) return `uri ${String(given['uri'])}`
  if (wanted.qop !== null) {
    const count = parseInt(nc, 16)
    if (!/^[0-9a-f]{8}$/.test(nc) || count <= before) return `nonce count ${nc}`
    if (count > wanted.uses) return 'stale'
    nonces.set(nonce, count)
    if (given['qop'] !== wanted.qop) return `qop ${String(given['qop'])}`
  }
  if (given['username'] !== userName(wanted)) return 'user name'
  return given['response'] === expected(given, around) ? null : 'response'
}

function userName({ user, algorithm, userhash }: Wanted): string {
  return userhash ? hash(algorithm, `${user}:${REALM}`) : user
}

/** RFC 7616 §3.4. */
function expected(given: Record<string, string>, { call, wanted, body }: Circumstances): string {
  const { algorithm, qop, user, password } = wanted
  const { nonce = '', cnonce = '', nc = '' } = given
  const plain = hash(algorithm, `${user}:${REALM}:${password}`)
  const first = algorithm.endsWith('-sess') ? hash(algorithm, `${plain}:${nonce}:${cnonce}`) : plain
  const target = `${call.method}:${call.request.url ?? ''}`
  const second = qop === 'auth-int' ? `${target}:${hash(algorithm, body)}` : target
  const middle = qop === null ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`
  return hash(algorithm, `${first}:${middle}:${hash(algorithm, second)}`)
}

function hash(algorithm: string, data: string | Buffer): string {
  const name = HASHES[algorithm.replace(/-sess$/, '')] ?? 'md5'
  return createHash(name).update(data).digest('hex')
}
