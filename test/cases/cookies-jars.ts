/** Jars as values: whose they are, what a redirect does to them, and what is never sent abroad. */
import { equal, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { readEcho, sent } from './echo.ts'
import { scripted } from './scripted.ts'

interface Cookies {
  readonly cookies: Readonly<Record<string, string>>
}

export const cases: readonly Case[] = [
  {
    name: 'cookies: a jar given to a session is its jar, and may be that of several',
    needs: ['cookies'],
    run: async ({ session, requests, servers }) => {
      const jar = new requests.CookieJar()
      const one = session({ cookies: jar })
      const two = session()
      two.cookies = jar
      await one.get(`${servers.http}/cookies/set?login=yes`)
      const response = await two.get(`${servers.http}/cookies`)
      equal((await response.json<Cookies>()).cookies, { login: 'yes' })
      equal(one.cookies === jar, true)
      equal(jar.toObject(), { login: 'yes' })
    },
  },
  {
    name: 'cookies: a jar given to one call is read, and never written',
    needs: ['cookies'],
    run: async ({ session, requests, servers }) => {
      const jar = new requests.CookieJar()
      jar.set('mine', '1')
      const before = JSON.stringify([...jar].map(({ name, value }) => [name, value]))
      const own = session()
      const response = await own.get(`${servers.http}/cookies/set?theirs=2`, { cookies: jar })
      equal((await response.json<Cookies>()).cookies, { mine: '1', theirs: '2' })
      equal(JSON.stringify([...jar].map(({ name, value }) => [name, value])), before)
      equal(own.cookies.toObject(), { theirs: '2' })
      equal((await (await own.get(`${servers.http}/cookies`)).json<Cookies>()).cookies, {
        theirs: '2',
      })
    },
  },
  {
    name: 'cookies: one without a domain goes with every call, and across no origin',
    needs: ['cookies', 'manualRedirect'],
    run: async ({ session, servers }) => {
      const own = session({ cookies: { a: '1' } })
      for (const base of [servers.http, servers.other]) {
        equal(sent(await readEcho(await own.get(`${base}/echo`)), 'cookie'), ['a=1'])
      }
      const home = encodeURIComponent(`${servers.http}/echo`)
      const stay = await own.get(`${servers.http}/redirect-to?url=${home}`, {
        cookies: { b: '2' },
      })
      equal(sent(await readEcho(stay), 'cookie'), ['a=1; b=2'])
      const abroad = encodeURIComponent(`${servers.other}/echo`)
      const leave = await own.get(`${servers.http}/redirect-to?url=${abroad}`, {
        cookies: { b: '2' },
        headers: { Cookie: 'c=3' },
      })
      equal(sent(await readEcho(leave), 'cookie'), [])
    },
  },
  {
    name: 'cookies: each hop of a redirect sets its own, and sends those of its URL',
    needs: ['cookies'],
    run: async ({ session, capabilities }) => {
      const own = session()
      const transport = scripted(capabilities, {
        'https://login.example.com/': { set: ['l=1', 'all=2; Domain=example.com'], to: '/next' },
        'https://login.example.com/next': { set: ['n=3; Path=/'], to: 'https://other.org/' },
        'https://other.org/': { set: ['o=4'], to: 'https://www.example.com/' },
        'https://www.example.com/': { set: ['w=5'] },
      })
      own.mount('https://', transport)
      const response = await own.get('https://login.example.com/')
      equal(transport.requests, [
        ['https://login.example.com/', null],
        ['https://login.example.com/next', 'l=1; all=2'],
        ['https://other.org/', null],
        ['https://www.example.com/', 'all=2'],
      ])
      equal(
        [...own.cookies].map(({ name, domain, hostOnly }) => [name, domain, hostOnly]),
        [
          ['l', 'login.example.com', true],
          ['all', 'example.com', false],
          ['n', 'login.example.com', true],
          ['o', 'other.org', true],
          ['w', 'www.example.com', true],
        ],
      )
      equal(
        [...response.history, response].map(({ cookies }) => cookies.toObject()),
        [{ l: '1', all: '2' }, { n: '3' }, { o: '4' }, { w: '5' }],
      )
    },
  },
  {
    name: 'cookies: hosts and domains hold through a proxy as well',
    needs: ['cookies', 'proxy'],
    run: async ({ session, servers }) => {
      const own = session({ proxies: { http: servers.proxy } })
      const port = new URL(servers.http).port
      const lines = ['a=1; Domain=co.uk', 'b=2; Domain=example.co.uk', 'c=3']
      const query = lines.map((line) => `cookie=${encodeURIComponent(line)}`).join('&')
      await own.get(`http://shop.example.co.uk:${port}/set-cookie?${query}`)
      const same = await own.get(`http://shop.example.co.uk:${port}/cookies`)
      equal((await same.json<Cookies>()).cookies, { b: '2', c: '3' })
      const sibling = await own.get(`http://www.example.co.uk:${port}/cookies`)
      equal((await sibling.json<Cookies>()).cookies, { b: '2' })
      const stranger = await own.get(`http://www.other.co.uk:${port}/cookies`)
      equal((await stranger.json<Cookies>()).cookies, {})
    },
  },
  {
    name: 'cookies: a jar that the runtime cannot send is an error, and not left out',
    run: async ({ session, requests, servers, capabilities }) => {
      const jar = new requests.CookieJar()
      jar.set('a', '1')
      const own = session({ cookies: jar })
      const call = own.get(`${servers.http}/cookies`)
      if (capabilities.cookies) equal((await (await call).json<Cookies>()).cookies, { a: '1' })
      else await rejects(call, requests.errors.UnsupportedError, { message: /CookieJar/ })
    },
  },
]
