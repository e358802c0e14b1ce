/** Cookies of a session, where script may handle them. */
import { equal, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { readEcho, sent } from './echo.ts'

interface Cookies {
  readonly cookies: Readonly<Record<string, string>>
}

export const cases: readonly Case[] = [
  {
    name: 'cookies: a session keeps what a server sets and sends it again',
    needs: ['cookies'],
    run: async ({ session, servers }) => {
      const own = session()
      const first = await own.get(`${servers.http}/cookies/set?login=yes&theme=dark`)
      equal((await first.json<Cookies>()).cookies, { login: 'yes', theme: 'dark' })
      equal(own.cookies.get('login'), 'yes')
      const second = await own.get(`${servers.http}/cookies`)
      equal((await second.json<Cookies>()).cookies, { login: 'yes', theme: 'dark' })
      await own.get(`${servers.http}/cookies/delete?theme`)
      equal(own.cookies.toObject(), { login: 'yes' })
    },
  },
  {
    name: 'cookies: repeated Set-Cookie lines with commas in dates are kept apart',
    needs: ['cookies'],
    run: async ({ session, servers }) => {
      const own = session()
      const lines = [
        'a=1; Expires=Wed, 09 Jun 2038 10:18:14 GMT; Path=/',
        'b=x,y; Path=/',
        'c="q"; HttpOnly',
      ]
      const query = lines.map((line) => `cookie=${encodeURIComponent(line)}`).join('&')
      const response = await own.get(`${servers.http}/set-cookie?${query}`)
      equal(response.headers.getSetCookie(), lines)
      equal(response.cookies.toObject(), { a: '1', b: 'x,y', c: '"q"' })
      equal(own.cookies.size, 3)
    },
  },
  {
    name: 'cookies: one-shot calls share none',
    needs: ['cookies'],
    run: async ({ requests, servers }) => {
      const first = await requests.get(`${servers.http}/cookies/set?a=1`)
      equal((await first.json<Cookies>()).cookies, { a: '1' })
      const second = await requests.get(`${servers.http}/cookies`)
      equal((await second.json<Cookies>()).cookies, {})
    },
  },
  {
    name: 'cookies: those of one call win, are sent and are never kept',
    needs: ['cookies'],
    run: async ({ session, servers }) => {
      const own = session({ cookies: { a: 'session', b: 'session' } })
      const response = await own.get(`${servers.http}/cookies`, {
        cookies: { a: 'call', c: 'call' },
      })
      equal((await response.json<Cookies>()).cookies, { a: 'call', b: 'session', c: 'call' })
      const after = await own.get(`${servers.http}/cookies`)
      equal((await after.json<Cookies>()).cookies, { a: 'session', b: 'session' })
    },
  },
  {
    name: 'cookies: a jar of one call sends all that it has for the URL, as that of a session does',
    needs: ['cookies'],
    run: async ({ requests, session, servers }) => {
      const url = `${servers.http}/echo/below`
      const jar = new requests.CookieJar()
      for (const line of ['a=short; Path=/', 'a=long; Path=/echo', 'bare', '=x=y']) {
        await jar.setCookie(line, new URL(`${servers.http}/`))
      }
      const whole = jar.header(new URL(url)) ?? ''
      equal(whole, 'a=long; a=short; x=y')
      const own = session({ cookies: { a: 'session', b: '1' } })
      const echo = await readEcho(await own.get(url, { cookies: jar }))
      equal(sent(echo, 'cookie'), [`b=1; ${whole}`])
      const nameless = await readEcho(
        await own.get(url, { cookies: { a: null, b: null, '': 'x' } }),
      )
      equal(sent(nameless, 'cookie'), ['x'])
    },
  },
  {
    name: 'cookies: a text or a list is a TypeError, and no cookies named 0 and 1',
    needs: ['cookies'],
    run: async ({ requests, servers }) => {
      for (const cookies of ['a=1', [['a', '1']], new Map([['a', '1']])] as unknown[]) {
        const call = requests.get(`${servers.http}/echo`, { cookies: cookies as { a: string } })
        await rejects(call, TypeError, { message: /cookie/ })
      }
    },
  },
  {
    name: "cookies: a caller's Cookie header takes the place of the jar's",
    needs: ['cookies'],
    run: async ({ session, servers }) => {
      const own = session({ cookies: { a: '1' } })
      const echo = await readEcho(
        await own.get(`${servers.http}/echo`, { headers: { Cookie: 'mine=yes' } }),
      )
      equal(sent(echo, 'cookie'), ['mine=yes'])
    },
  },
  {
    name: 'cookies: set on the way of a redirect, under the URL that set them',
    needs: ['cookies', 'manualRedirect'],
    run: async ({ session, servers }) => {
      const own = session()
      const target = encodeURIComponent(`${servers.other}/cookies`)
      const cookie = encodeURIComponent('hop=1; Path=/redirect-to')
      const response = await own.get(`${servers.http}/redirect-to?url=${target}&cookie=${cookie}`)
      equal((await response.json<Cookies>()).cookies, {})
      const [stored] = [...own.cookies]
      equal([stored?.name, stored?.path, stored?.hostOnly], ['hop', '/redirect-to', true])
    },
  },
  {
    name: "cookies: in browsers the browser's own jar is the jar, and ours says so",
    run: async ({ requests, servers, capabilities }) => {
      if (capabilities.cookies) {
        const response = await requests.get(`${servers.http}/cookies`, { cookies: { a: '1' } })
        equal((await response.json<Cookies>()).cookies, { a: '1' })
        return
      }
      await rejects(
        requests.get(`${servers.http}/cookies`, { cookies: { a: '1' } }),
        requests.errors.UnsupportedError,
        { message: /credentials/ },
      )
      const response = await requests.get(`${servers.http}/cookies`)
      equal(response.cookies.size, 0)
    },
  },
  {
    name: 'cookies: line breaks and separators in a cookie are refused',
    needs: ['cookies'],
    run: async ({ requests, servers }) => {
      for (const cookies of [{ 'a;b': '1' }, { a: '1;b=2' }, { a: '1\r\nX: y' }, { 'a=b': '1' }]) {
        await rejects(
          requests.get(`${servers.http}/cookies`, { cookies }),
          requests.errors.InvalidHeaderError,
        )
      }
    },
  },
]
