/** A page with a login: a form sets a session cookie that scripts may not see, and one they may. */
import { sendJson } from '../call.ts'
import type { Call, Field, Routes } from '../call.ts'
import { readBody } from '../request-body.ts'
import { parseCookies } from './session.ts'
import { sendRedirect } from './status.ts'

export const accountRoutes: Routes = { login, account, logout }

/** The form fields `user` and `password`, which is `secret`; leads to `/account`. */
async function login(call: Call): Promise<void> {
  const { bytes } = await readBody(call)
  const form = new URLSearchParams(bytes?.toString())
  if (form.get('password') !== 'secret') {
    sendJson(call, { error: 'wrong password' }, { status: 403 })
    return
  }
  sendRedirect(call, 303, '/account', [
    ['Set-Cookie', `sid=${form.get('user') ?? ''}; Path=/; HttpOnly; SameSite=Lax`],
    ['Set-Cookie', 'theme=dark; Path=/; SameSite=Lax; Max-Age=3600'],
  ])
}

/** 401 for those who are not logged in. */
async function account(call: Call): Promise<void> {
  await readBody(call)
  const { sid, theme } = parseCookies(call.request.headers.cookie ?? '')
  if (sid === undefined) sendJson(call, { error: 'not logged in' }, { status: 401 })
  else sendJson(call, { user: sid, theme: theme ?? null })
}

async function logout(call: Call): Promise<void> {
  await readBody(call)
  const fields = ['sid', 'theme'].map((name): Field => {
    return ['Set-Cookie', `${name}=; Path=/; Max-Age=0`]
  })
  sendJson(call, { user: null }, { fields })
}
