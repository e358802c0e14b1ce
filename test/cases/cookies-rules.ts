/** Which cookies a session takes from whom and sends to whom (RFC 6265bis), the same everywhere. */
import { equal, ok, throws } from '../harness/assert.ts'
import type { Case, Context, Session } from '../harness/case.ts'
import { scripted } from './scripted.ts'
import type { Script, Scripted } from './scripted.ts'

interface Visit {
  readonly own: Session
  readonly transport: Scripted
  /** The Cookie header that a call to this URL sends. */
  cookieTo(url: string): Promise<string | null>
}

/** A session whose every request is answered from the script. */
function visit({ session, capabilities }: Context, script: Script): Visit {
  const own = session()
  const transport = scripted(capabilities, script)
  for (const prefix of ['http://', 'https://']) own.mount(prefix, transport)
  const cookieTo = async (url: string): Promise<string | null> => {
    await own.get(url)
    return transport.requests.at(-1)?.[1] ?? null
  }
  return { own, transport, cookieTo }
}

export const cases: readonly Case[] = [
  {
    name: 'cookies: a Domain that is a public suffix is refused, private suffixes too',
    needs: ['cookies'],
    run: async (context) => {
      const { own, cookieTo } = visit(context, {
        'https://shop.example.co.uk/': {
          set: ['a=1; Domain=co.uk', 'b=2; Domain=example.co.uk', 'c=3', 'd=4; Domain=uk'],
        },
        'https://me.github.io/': { set: ['e=5; Domain=github.io', 'f=6; Domain=me.github.io'] },
      })
      await own.get('https://shop.example.co.uk/')
      await own.get('https://me.github.io/')
      equal(own.cookies.toObject(), { b: '2', c: '3', f: '6' })
      equal(await cookieTo('https://www.example.co.uk/'), 'b=2')
      equal(await cookieTo('https://other.co.uk/'), null)
      equal(await cookieTo('https://you.github.io/'), null)
      equal(await cookieTo('https://deep.me.github.io/'), 'f=6')
    },
  },
  {
    name: 'cookies: without Domain a cookie belongs to one host, with it to those below, too',
    needs: ['cookies'],
    run: async (context) => {
      const { own, cookieTo } = visit(context, {
        'https://example.com/': {
          set: ['here=1', 'below=2; Domain=.Example.COM', 'foreign=3; Domain=example.org'],
        },
      })
      await own.get('https://example.com/')
      equal(await cookieTo('https://example.com/'), 'here=1; below=2')
      equal(await cookieTo('https://www.example.com/'), 'below=2')
      equal(await cookieTo('https://badexample.com/'), null)
      equal(await cookieTo('https://example.com:8443/'), 'here=1; below=2')
    },
  },
  {
    name: 'cookies: the prefixes __Host- and __Secure- hold what they promise',
    needs: ['cookies'],
    run: async (context) => {
      const { own, cookieTo } = visit(context, {
        'https://example.com/a/b': {
          set: [
            '__Host-good=1; Secure; Path=/',
            '__Host-path=2; Secure; Path=/a',
            '__Host-default=3; Secure',
            '__Host-domain=4; Secure; Path=/; Domain=example.com',
            '__host-case=5; Path=/',
            '__Secure-good=6; Secure; Domain=example.com; Path=/',
            '__Secure-bad=7; Path=/',
            '=__Host-hidden=8; Secure; Path=/',
          ],
        },
      })
      await own.get('https://example.com/a/b')
      equal(await cookieTo('https://example.com/'), '__Host-good=1; __Secure-good=6')
      equal(await cookieTo('http://example.com/'), null)
      equal(await cookieTo('https://www.example.com/'), '__Secure-good=6')
    },
  },
  {
    name: 'cookies: Secure is neither set nor sent nor covered in the clear',
    needs: ['cookies'],
    run: async (context) => {
      const { own, cookieTo } = visit(context, {
        'http://example.com/': {
          set: ['clear=1; Secure', 'sid=evil; Path=/', 'none=1; SameSite=None'],
        },
        'https://example.com/': { set: ['sid=good; Secure; Path=/', 'both=2; Path=/'] },
      })
      await own.get('https://example.com/')
      equal(await cookieTo('http://example.com/'), 'both=2')
      equal(await cookieTo('https://example.com/'), 'sid=good; both=2')
      equal(own.cookies.get('sid'), 'good')
    },
  },
  {
    name: 'cookies: a path covers whole segments, longer paths go first',
    needs: ['cookies'],
    run: async (context) => {
      const { own, cookieTo } = visit(context, {
        'https://example.com/app/login': {
          set: ['a=root; Path=/', 'a=app', 'a=deep; Path=/app/deep', 'b=odd; Path=relative'],
        },
      })
      await own.get('https://example.com/app/login')
      equal(await cookieTo('https://example.com/apple'), 'a=root')
      equal(await cookieTo('https://example.com/app'), 'a=app; b=odd; a=root')
      equal(await cookieTo('https://example.com/app/deep/x'), 'a=deep; a=app; b=odd; a=root')
      throws(() => own.cookies.get('a'), context.requests.errors.CookieConflictError, {
        message: /3 cookies/,
      })
      equal(own.cookies.get('a', { path: '/app' }), 'app')
      ok(own.cookies.delete('a', { path: '/app/deep' }))
      equal(own.cookies.size, 3)
    },
  },
  {
    name: 'cookies: Max-Age goes before Expires, and nothing lives longer than 400 days',
    needs: ['cookies'],
    run: async (context) => {
      const { own } = visit(context, {
        'https://example.com/': {
          set: [
            'kept=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
            'gone=2; Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT',
            'odd=3; Expires=Sun, 06-Nov-2094 08:49:37 GMT',
            'invalid=4; Expires=tomorrow',
          ],
        },
        'https://example.com/bye': {
          set: ['kept=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
        },
      })
      await own.get('https://example.com/')
      equal(own.cookies.toObject(), { kept: '1', odd: '3', invalid: '4' })
      const days = [...own.cookies].map(({ name, expires }) => {
        return [name, expires === null ? null : Math.round((expires - Date.now()) / 86_400_000)]
      })
      equal(days, [
        ['kept', 0],
        ['odd', 400],
        ['invalid', null],
      ])
      await own.get('https://example.com/bye')
      equal(own.cookies.get('kept'), undefined)
    },
  },
  {
    name: 'cookies: names and values are just texts, and there may be 180 for one domain',
    needs: ['cookies'],
    run: async (context) => {
      const many = Array.from({ length: 200 }, (_, index) => `n${String(index)}=${String(index)}`)
      const { own, cookieTo } = visit(context, {
        'https://example.com/': {
          set: [
            '__proto__=1',
            'constructor=2',
            'value',
            'a=b=c',
            'bad=\x01',
            `big=${'x'.repeat(4096)}`,
          ],
        },
        'https://many.example.com/': { set: many },
      })
      equal(await cookieTo('https://example.com/'), null)
      equal(await cookieTo('https://example.com/'), '__proto__=1; constructor=2; value; a=b=c')
      equal(own.cookies.get('__proto__'), '1')
      await own.get('https://many.example.com/')
      equal(own.cookies.size, 184)
      equal(own.cookies.get('n19'), undefined)
      equal(own.cookies.get('n20'), '20')
    },
  },
]
