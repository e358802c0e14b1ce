/** Cookies and credentials: what a session keeps and sends. */
import { sendJson } from '../call.ts'
import type { Call, Field, Routes } from '../call.ts'
import { sendRedirect } from './status.ts'

export const sessionRoutes: Routes = {
  cookies,
  'set-cookie': setCookie,
  'basic-auth': basicAuth,
  'hidden-basic-auth': hiddenBasicAuth,
  bearer,
}

/** `/cookies`, `/cookies/set?a=1&b=2`, `/cookies/delete?a`: as httpbin has them. */
function cookies(call: Call): void {
  const [action] = call.segments
  const names = [...call.params].filter(([name]) => name !== 'tag')
  if (action === 'set') {
    const lines = names.map(([name, value]): Field => ['Set-Cookie', `${name}=${value}; Path=/`])
    sendRedirect(call, 302, '/cookies', lines)
    return
  }
  if (action === 'delete') {
    const lines = names.map(([name]): Field => ['Set-Cookie', `${name}=; Path=/; Max-Age=0`])
    sendRedirect(call, 302, '/cookies', lines)
    return
  }
  const header = call.request.headers.cookie ?? null
  sendJson(call, { cookies: parseCookies(header ?? ''), header })
}

/** `/set-cookie?cookie=<a whole Set-Cookie line>`, repeated as often as you like. */
function setCookie(call: Call): void {
  const lines = call.params.getAll('cookie')
  sendJson(call, { set: lines }, { fields: lines.map((line): Field => ['Set-Cookie', line]) })
}

/** `/basic-auth/<user>/<password>`; both are taken as UTF-8 (RFC 7617 §2.1). */
function basicAuth(call: Call): void {
  const [user = '', password = ''] = call.segments
  if (hasBasic(call, user, password)) {
    sendJson(call, { authenticated: true, user })
    return
  }
  const challenge: Field = ['WWW-Authenticate', 'Basic realm="ubiquest", charset="UTF-8"']
  sendJson(call, { authenticated: false }, { status: 401, fields: [challenge] })
}

/** The same, but a 404 without a challenge, for clients that wait for one. */
function hiddenBasicAuth(call: Call): void {
  const [user = '', password = ''] = call.segments
  const good = hasBasic(call, user, password)
  sendJson(call, { authenticated: good, user }, { status: good ? 200 : 404 })
}

/** `/bearer`: any token will do. */
function bearer(call: Call): void {
  const token = /^Bearer (.+)$/.exec(call.request.headers.authorization ?? '')?.[1]
  if (token !== undefined) {
    sendJson(call, { authenticated: true, token })
    return
  }
  const fields: Field[] = [['WWW-Authenticate', 'Bearer']]
  sendJson(call, { authenticated: false }, { status: 401, fields })
}

function hasBasic(call: Call, user: string, password: string): boolean {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return call.request.headers.authorization === expected
}

export function parseCookies(header: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>
  for (const pair of header.split(/; */)) {
    const equals = pair.indexOf('=')
    if (equals > 0) found[pair.slice(0, equals)] = pair.slice(equals + 1)
  }
  return found
}
