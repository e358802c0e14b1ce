/** Jars that outlive the process: in files, where there are some, and in any storage. */
import { equal, match, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'

const HOME = new URL('https://www.example.com/')

interface Memory {
  readonly items: Map<string, string>
  /** Resolves at the next write. */
  readonly written: Promise<void>
  getItem(key: string): Promise<string | null>
  setItem(key: string, value: string): Promise<void>
}

function memory(): Memory {
  const items = new Map<string, string>()
  let tell: () => void = () => undefined
  const written = new Promise<void>((resolve) => {
    tell = resolve
  })
  return {
    items,
    written,
    getItem: (key) => Promise.resolve(items.get(key) ?? null),
    setItem: (key, value) => {
      items.set(key, value)
      tell()
      return Promise.resolve()
    },
  }
}

export const cases: readonly Case[] = [
  {
    name: 'cookie jars: a session saves what an answer set, and another one goes on with it',
    needs: ['cookies'],
    run: async ({ session, requests, servers }) => {
      const storage = memory()
      const jar = await requests.openCookieJar(storage, { key: 'login' })
      const first = session({ cookies: jar })
      await first.get(`${servers.http}/cookies/set?sid=42`)
      // Without a word of ours.
      await storage.written
      match(storage.items.get('login'), /"sid"/)
      const second = session({ cookies: await requests.openCookieJar(storage, { key: 'login' }) })
      const response = await second.get(`${servers.http}/cookies`)
      equal((await response.json<{ cookies: unknown }>()).cookies, { sid: '42' })
      second.cookies.set('by-hand', '1')
      await second.close()
      match(storage.items.get('login'), /by-hand/)
    },
  },
  {
    name: 'cookie jars: two sessions over one storage end up with the changes of both',
    run: async ({ requests }) => {
      const storage = memory()
      const [one, two] = [
        await requests.openCookieJar(storage),
        await requests.openCookieJar(storage),
      ]
      await one.setCookie('a=1', HOME)
      await two.setCookie('b=2; HttpOnly; Secure; SameSite=Lax', HOME)
      await one.save()
      await two.save()
      await one.reload()
      equal(
        [one.toObject(), two.toObject()],
        [
          { a: '1', b: '2' },
          { a: '1', b: '2' },
        ],
      )
      one.delete('b')
      await one.save()
      await two.reload()
      equal(two.toObject(), { a: '1' })
    },
  },
  {
    name: 'cookie jars: a storage that fails spoils no call, and closing says so',
    needs: ['cookies'],
    run: async ({ requests, servers }) => {
      const storage = {
        getItem: () => null,
        setItem: () => Promise.reject(new RangeError('the disk is full')),
      }
      const own = new requests.Session({ cookies: await requests.openCookieJar(storage) })
      const response = await own.get(`${servers.http}/cookies/set?a=1`)
      equal(response.status, 200)
      equal(own.cookies.get('a'), '1')
      await rejects(own.close(), RangeError, { message: 'the disk is full' })
      await own.close()
    },
  },
  {
    name: 'cookie jars: whoever closes a session for the second time waits for its jar, too',
    needs: ['cookies'],
    run: async ({ requests }) => {
      const texts: string[] = []
      const storage = {
        getItem: () => null,
        setItem: async (_key: string, text: string) => {
          for (let turn = 0; turn < 20; turn++) await Promise.resolve()
          texts.push(text)
        },
      }
      const own = new requests.Session({ cookies: await requests.openCookieJar(storage) })
      own.cookies.set('a', '1')
      const first = own.close()
      await own.close()
      equal(texts.length, 1)
      await first
    },
  },
  {
    name: 'cookie jars: all flags survive a JSON file',
    needs: ['paths'],
    run: async ({ session, requests, servers, temp }) => {
      const path = temp?.path('jar.json') ?? ''
      const own = session({ cookies: await requests.openCookieJar(path) })
      const lines = [
        'a=1; Path=/x; Max-Age=1000; HttpOnly; SameSite=Strict',
        'b=2; Secure; SameSite=None; Partitioned',
        'session=3',
      ]
      const query = lines.map((line) => `cookie=${encodeURIComponent(line)}`).join('&')
      await own.get(`${servers.http}/set-cookie?${query}`)
      own.cookies.set('unscoped', '4')
      await own.close()
      const again = await requests.openCookieJar(path)
      equal(JSON.stringify([...again]), JSON.stringify([...own.cookies]))
      equal(again.size, 4)
      // Nothing else is left in the folder: no lock, no part.
      equal(await temp?.list(), ['jar.json'])
    },
  },
  {
    name: 'cookie jars: a cookies.txt holds what curl would read',
    needs: ['paths'],
    run: async ({ session, requests, servers, temp }) => {
      const path = temp?.path('cookies.txt') ?? ''
      const own = session({ cookies: await requests.openCookieJar(path) })
      const query = `cookie=${encodeURIComponent('sid=42; Path=/; HttpOnly; Max-Age=1000')}`
      await own.get(`${servers.http}/set-cookie?${query}`)
      await own.close()
      const text = new TextDecoder().decode(await temp?.read(path))
      match(text, /^# Netscape HTTP Cookie File\n/)
      match(text, /\n#HttpOnly_127\.0\.0\.1\tFALSE\t\/\tFALSE\t\d{10}\tsid\t42\n$/)
      const other = session({ cookies: await requests.openCookieJar(path) })
      const response = await other.get(`${servers.http}/cookies`)
      equal((await response.json<{ cookies: unknown }>()).cookies, { sid: '42' })
    },
  },
  {
    name: 'cookie jars: many writers of one file lose nothing',
    needs: ['paths'],
    run: async ({ requests, temp }) => {
      const path = temp?.path('shared.json') ?? ''
      const jars = await Promise.all(
        Array.from({ length: 8 }, async () => await requests.openCookieJar(path)),
      )
      await Promise.all(
        jars.map(async (jar, index) => {
          await jar.setCookie(`n${String(index)}=${String(index)}`, HOME)
          await jar.save()
        }),
      )
      const all = await requests.openCookieJar(path)
      equal(all.size, 8)
    },
  },
  {
    name: 'cookie jars: a path is an error where there are no files',
    run: async ({ requests, capabilities, temp }) => {
      if (capabilities.paths) {
        const jar = await requests.openCookieJar(temp?.path('none.json') ?? '')
        equal(jar.size, 0)
        return
      }
      await rejects(requests.openCookieJar('cookies.json'), requests.errors.UnsupportedError, {
        message: /getItem/,
      })
    },
  },
  {
    name: "cookie jars: tough-cookie's JSON comes in and goes out",
    run: async ({ requests }) => {
      const jar = new requests.CookieJar()
      await jar.setCookie('a=1; Path=/x; Secure; HttpOnly; SameSite=Lax', HOME)
      const tough = jar.toToughJSON()
      const again = requests.CookieJar.fromJSON(JSON.parse(JSON.stringify(tough)))
      const [cookie] = [...again]
      equal(
        [cookie?.name, cookie?.path, cookie?.secure, cookie?.httpOnly, cookie?.sameSite],
        ['a', '/x', true, true, 'lax'],
      )
      ok(again.header(new URL('https://www.example.com/x')) === 'a=1')
    },
  },
]
