/**
 * Digest authentication (leaf of step 3; RFC 7616): a flow that yields the request, looks at the
 * answer, and yields it again with the answer to the challenge.
 */
import { describe } from '../bytes.ts'
import { own } from '../own.ts'
import type { AuthFlow, AuthRequest, AuthResponse } from '../types.ts'
import { unsupported } from '../unsupported.ts'
import { webType } from '../web.ts'
import { parseChallenges, parseParameters } from './challenge.ts'
import { isHash, loadHash } from './digest-hash.ts'
import { digestHeader } from './digest-response.ts'
import { originOf } from '../url.ts'

export interface DigestOptions {
  /** The user name and password are for the proxy: 407 is answered instead of 401. */
  readonly proxy?: boolean | undefined
}

/** User name and password, sent as a digest when the server asks; `HTTPDigestAuth`. */
export class DigestAuth implements AuthFlow {
  readonly forProxy: boolean
  readonly #username: string
  readonly #password: string
  /** By origin, of the proxy if it is for that: a nonce of one server is never used for another (CVE-2026-7168). */
  readonly #spaces = new Map<string, Space>()

  constructor(username: string, password: string, options: DigestOptions = {}) {
    this.forProxy = own(options, 'proxy') ?? false
    this.#username = checkText('user name', username)
    this.#password = checkText('password', password)
  }

  async *flow(request: AuthRequest): AsyncGenerator<void, void, AuthResponse> {
    const side = this.forProxy ? PROXY : SERVER
    const origin = (this.forProxy ? request.proxy?.href : null) ?? originOf(request.url)
    let space = this.#spaces.get(origin) ?? null
    let rejected = 0
    for (let early = true; ; early = false) {
      if (space !== null) await this.#answer(space, request)
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
        this.#spaces.delete(origin)
        return
      }
      space = challenge
      this.#remember(origin, space)
    }
  }

  async #answer(space: Space, request: AuthRequest): Promise<void> {
    const hash = await loadHash(hashName(space.algorithm))
    if (hash === null) return
    const { qop } = space
    const bodyHash = qop === 'auth-int' ? await hash.body(request.body) : ''
    space.nonceCount += 1
    const header = digestHeader(
      {
        ...space,
        username: this.#username,
        password: this.#password,
        ...this.#target(request),
        bodyHash,
      },
      hash,
    )
    request.setHeader(this.forProxy ? PROXY.answer : SERVER.answer, header)
  }

  /** As on the request line (RFC 7616 §3.4.5): to a proxy the target is in absolute form, and where
   *  https goes through it, the request is the CONNECT that opens the tunnel. */
  #target({ method, url }: AuthRequest): { readonly method: string; readonly uri: string } {
    const path = url.pathname + url.search
    if (!this.forProxy) return { method, uri: path }
    if (url.protocol === 'http:') return { method, uri: `${url.protocol}//${url.host}${path}` }
    return { method: 'CONNECT', uri: `${url.hostname}:${url.port === '' ? '443' : url.port}` }
  }

  #remember(origin: string, space: Space): void {
    this.#spaces.delete(origin)
    this.#spaces.set(origin, space)
    for (const oldest of this.#spaces.keys()) {
      if (this.#spaces.size <= MAX_SPACES) break
      this.#spaces.delete(oldest)
    }
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
interface Space {
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

/** `auth` where there is a choice: `auth-int` reads the body twice. Undefined: none we know. */
function chooseQop(list: string | undefined): 'auth' | 'auth-int' | null | undefined {
  if (list === undefined) return null
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

function checkText(what: string, value: string): string {
  if (typeof value !== 'string') {
    throw new TypeError(`The ${what} must be a string, not ${describe(value)}.`)
  }
  if (/[^\x20-\x7e\x80-\uffff]/.test(value)) {
    throw new TypeError(`The ${what} has a control character.`)
  }
  return value
}
