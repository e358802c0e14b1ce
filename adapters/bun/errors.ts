/** Bun's errors, told apart by `code`. */
import { ProxyError, RequestError } from '../../src/errors.ts'
import type { WireRequest } from '../../src/ports.ts'
import { errorRequest, nameRequest, timeOf } from '../fetch/about.ts'
import type { Phase } from '../fetch/dialect.ts'
import { codeOf, translateCode } from '../fetch/errors.ts'
import { translateOpaque } from '../fetch/opaque-error.ts'

export function translateBunError(error: unknown, request: WireRequest, phase: Phase): Error {
  // Thrown by ourselves on the way, such as a missing CA file.
  if (error instanceof RequestError) return error
  const code = codeOf(error)
  if (code !== null && request.proxy !== null && phase === 'send' && isProxyCode(code)) {
    const wanted = error instanceof Error && /\b407\b/.test(error.message)
    const advice = wanted ? ' Put user name and password into the proxy URL.' : ''
    return new ProxyError(
      `${nameRequest(request)}: the proxy ${request.proxy.url.host} failed (${code}), ${timeOf(request)}.${advice}`,
      {
        cause: error,
        request: errorRequest(request),
        code: wanted ? 'PROXY_AUTHENTICATION' : 'PROXY_FAILED',
      },
    )
  }
  return (
    translateCode(error, request, phase) ??
    translateOpaque(error, request, phase, code === null ? '' : `(${code})`)
  )
}

/** Bun connects to nobody but the proxy, so what fails on the way to a connection is the proxy. */
function isProxyCode(code: string): boolean {
  return /proxy/i.test(code) || UNREACHED.has(code)
}

const UNREACHED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ConnectionRefused',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
