/** A login by a form, written once: the jar is ours on servers, and the browser's own in a page. */
import { equal, notOk, ok, throws } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'

interface Account {
  readonly user: string
  readonly theme: string | null
}

export const cases: readonly Case[] = [
  {
    name: 'cookies: a login by a form is kept, and script sees of it what it may',
    run: async ({ session, requests, servers, capabilities, target }) => {
      // Elsewhere than in a page, credentials say nothing that is not so already.
      const own = session({ baseUrl: servers.http, credentials: 'include' })
      const inJar = capabilities.cookies
      equal((await own.get('/account')).status, 401)
      try {
        const login = await own.post('/login', { data: { user: 'ann', password: 'secret' } })
        equal(await login.json<Account>(), { user: 'ann', theme: 'dark' })
        equal(own.cookies.get('theme'), 'dark')
        // HttpOnly: only a jar of ours has it.
        equal(own.cookies.get('sid'), inJar ? 'ann' : undefined)
        // WebKitGTK shows the page what its jar has refused, and sends the server the true one.
        if (!inJar && target !== 'webkit') {
          throws(() => {
            own.cookies.set('sid', 'forged')
          }, requests.errors.UnsupportedError)
        }
        own.cookies.set('theme', 'light', inJar ? { domain: '127.0.0.1' } : {})
        const account = await own.get('/account')
        equal(await account.json<Account>(), { user: 'ann', theme: 'light' })
        ok(own.cookies.delete('theme'))
        equal((await (await own.get('/account')).json<Account>()).theme, null)
      } finally {
        await own.post('/logout')
      }
      equal((await own.get('/account')).status, 401)
    },
  },
  {
    name: 'cookies: a session without credentials takes no cookie along from a page',
    run: async ({ session, servers, capabilities }) => {
      if (capabilities.cookies) return
      const own = session({ baseUrl: servers.http, credentials: 'include' })
      try {
        await own.post('/login', { data: { user: 'ann', password: 'secret' } })
        const other = session({ baseUrl: servers.http, credentials: 'omit' })
        equal((await other.get('/account')).status, 401)
      } finally {
        await own.post('/logout')
      }
    },
  },
  {
    name: "cookies: session.cookies of a page is the document's own",
    run: ({ session, capabilities }) => {
      if (capabilities.cookies) return Promise.resolve()
      const { cookies } = session()
      cookies.set('plain', '1')
      cookies.set('deep', '2', { path: location.pathname })
      cookies.set('later', '3', { maxAge: 60, sameSite: 'strict' })
      equal(document.cookie.includes('plain=1'), true)
      equal([cookies.get('plain'), cookies.get('deep'), cookies.get('later')], ['1', '2', '3'])
      equal(session().cookies.toObject()['plain'], '1')
      cookies.update({ plain: '4', later: null })
      equal([cookies.get('plain'), cookies.get('later')], ['4', undefined])
      equal([...cookies].find(({ name }) => name === 'plain')?.domain, location.hostname)
      throws(() => {
        cookies.set('a', '1', { httpOnly: true })
      }, TypeError)
      throws(() => {
        cookies.set('a;b', '1')
      }, TypeError)
      // Wherever they lie.
      ok(cookies.delete('deep'))
      notOk(cookies.delete('deep'))
      cookies.clear()
      equal([cookies.size, document.cookie], [0, ''])
      return Promise.resolve()
    },
  },
]
