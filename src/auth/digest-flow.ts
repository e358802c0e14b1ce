/**
 * The flow of digest authentication (leaf of step 3; RFC 7616): yields the request, looks at the
 * answer, and yields it again with the answer to the challenge.
 */
import { requestTarget } from '../request-target.ts'
import type { AuthRequest, AuthResponse } from '../types.ts'
import { unsupported } from '../unsupported.ts'
import { originOf } from '../url.ts'
import { webType } from '../web.ts'
import { parseChallenges, parseParameters } from './challenge.ts'
import { isHash, loadHash } from './digest-hash.ts'
import { digestHeader } from './digest-response.ts'

export interface Account {
  readonly username: string
  readonly password: string
  readonly forProxy: boolean
  readonly spaces: Map<string, Space>
}

export async function* digestFlow(
  request: AuthRequest,
  account: Account,
): AsyncGenerator<void, void, AuthResponse> {
  const { forProxy, spaces } = account
  const side = forProxy ? PROXY : SERVER
  const origin = asking(request, forProxy)
  let space = spaces.get(origin) ?? null
  let rejected = 0
  for (let early = true; ; early = false) {
    if (space !== null) await answer(account, space, request)
    const response = yield
    if (response.status !== side.status) {
      if (space !== null) renew(space, response.header(side.info))
      return
    }
    const challenge = findChallenge(response.headerValues(side.challenge))
    // A remembered nonce may simply be too old, which not every server calls stale; an answer to
    // a fresh challenge that is refused means that the credentials are wrong.
    if (!early && challenge?.stale !== true) rejected += 1
    if (challenge === null || rejected > 0) {
      spaces.delete(origin)
      return
    }
    space = challenge
    remember(spaces, origin, space)
  }
}

/** The answer that has been set, for the same nonce once more or for the one that is known by now. */
export async function countAgain(request: AuthRequest, account: Account): Promise<void> {
  const { forProxy, spaces } = account
  const space = spaces.get(asking(request, forProxy))
  const set = request.header((forProxy ? PROXY : SERVER).answer)
  if (space !== undefined && set !== null) await answer(account, space, request)
}

/** Who asks for the answer. */
function asking({ url, proxy }: AuthRequest, forProxy: boolean): string {
  return (forProxy ? proxy?.href : null) ?? originOf(url)
}

async function answer(
  { username, password, forProxy }: Account,
  space: Space,
  request: AuthRequest,
): Promise<void> {
  const hash = await loadHash(hashName(space.algorithm))
  if (hash === null) return
  const { qop } = space
  const bodyHash = qop === 'auth-int' ? await hash.body(request.body) : ''
  space.nonceCount += 1
  const line = requestLine(request, forProxy)
  const header = digestHeader({ ...space, username, password, ...line, bodyHash }, hash)
  request.setHeader(forProxy ? PROXY.answer : SERVER.answer, header)
}

/** The target is in absolute form to a proxy (RFC 7616 §3.4.5), and where https goes through it, the
 *  request is the CONNECT that opens the tunnel. */
function requestLine(
  { method, url }: AuthRequest,
  forProxy: boolean,
): { readonly method: string; readonly uri: string } {
  const path = requestTarget(url)
  if (!forProxy) return { method, uri: path }
  if (url.protocol === 'http:') return { method, uri: `${url.protocol}//${url.host}${path}` }
  return { method: 'CONNECT', uri: `${url.hostname}:${url.port === '' ? '443' : url.port}` }
}

function remember(spaces: Map<string, Space>, origin: string, space: Space): void {
  spaces.delete(origin)
  spaces.set(origin, space)
  for (const oldest of spaces.keys()) {
    if (spaces.size <= MAX_SPACES) break
    spaces.delete(oldest)
  }
}

const MAX_SPACES = 100

/** RFC 9110 §11.6 and §11.7. */
const SERVER = {
  status: 401,
  challenge: 'www-authenticate',
  answer: 'Authorization',
  info: 'authentication-info',
} as const
const PROXY = {
  status: 407,
  challenge: 'proxy-authenticate',
  answer: 'Proxy-Authorization',
  info: 'proxy-authentication-info',
} as const

/** What one challenge said, and how often its nonce was used. */
export interface Space {
  readonly realm: string
  readonly algorithm: string | null
  readonly qop: 'auth' | 'auth-int' | null
  readonly opaque: string | null
  readonly userhash: boolean
  readonly utf8: boolean
  readonly stale: boolean
  nonce: string
  nonceCount: number
  /** One for each nonce: what `-sess` algorithms are computed from must not change. */
  cnonce: string
}

/** RFC 7616 §3.7: the first challenge that is understood. */
function findChallenge(values: readonly string[]): Space | null {
  for (const { scheme, parameters } of parseChallenges(values)) {
    const { realm, nonce, algorithm = null } = parameters
    const qop = chooseQop(parameters['qop'])
    if (scheme !== 'digest' || realm === undefined || nonce === undefined) continue
    if (qop === undefined || !isHash(hashName(algorithm))) continue
    return {
      realm,
      nonce,
      algorithm,
      qop,
      opaque: parameters['opaque'] ?? null,
      userhash: isTrue(parameters['userhash']),
      utf8: parameters['charset']?.toLowerCase() === 'utf-8',
      stale: isTrue(parameters['stale']),
      nonceCount: 0,
      cnonce: randomText(),
    }
  }
  return null
}

/** `auth` where there is a choice: `auth-int` reads the body twice. Null where none is named, be it
 *  with an empty list, as in curl and `requests`. Undefined: none we know. */
function chooseQop(list = ''): 'auth' | 'auth-int' | null | undefined {
  if (list.trim() === '') return null
  const names = list.split(',').map((name) => name.trim().toLowerCase())
  if (names.includes('auth')) return 'auth'
  return names.includes('auth-int') ? 'auth-int' : undefined
}

/** Authentication-Info may hand out the next nonce (RFC 7616 §3.5). */
function renew(space: Space, info: string | null): void {
  const next = info === null ? undefined : parseParameters(info)['nextnonce']
  if (next === undefined || next === space.nonce) return
  space.nonce = next
  space.nonceCount = 0
  space.cnonce = randomText()
}

function hashName(algorithm: string | null): string {
  return (algorithm ?? 'md5').toLowerCase().replace(/-sess$/, '')
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true'
}

/** 128 bits, so that no two answers are alike. */
function randomText(): string {
  const crypto = webType('crypto')
  if (crypto === undefined) {
    throw unsupported(
      'DigestAuth',
      'an engine without crypto.getRandomValues',
      'Load a polyfill of crypto first.',
    )
  }
  let text = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
    text += byte.toString(16).padStart(2, '0')
  }
  return text
}
