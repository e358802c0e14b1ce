/** What a caller without types may pass: a mistake is an error that names it, and nothing is sent. */
import type { RequestOptions, SessionInput } from '../../src/settings.ts'
import { match, ok, rejects, throws } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'

export const cases: readonly Case[] = [
  {
    name: 'misuse: an option, a hook or a limit that is misspelt is a TypeError that names it',
    run: async ({ requests, servers }) => {
      const url = `${servers.refused}/x`
      const session = new requests.Session()
      for (const [name, options] of [
        ['timout', { timout: 5 }],
        ['name', { name: 'Ada' }],
        ['pool', { pool: { maxIdle: 1 } }],
        ['redirects', { hooks: { redirects: () => false } }],
        ['conect', { timeout: { conect: 5 } }],
        ['limit', { retries: { limit: 3 } }],
      ] as const) {
        const expected = { message: new RegExp(`"${name}"`) }
        await rejects(requests.get(url, untyped(options)), TypeError, expected)
        await rejects(requests.post(url, untyped(options)), TypeError, expected)
        await rejects(session.put(url, untyped(options)), TypeError, expected)
      }
      await session.close()
    },
  },
  {
    name: 'misuse: a body in the place of the options, or a pair of limits, is a TypeError',
    run: async ({ requests, servers }) => {
      const session = new requests.Session()
      for (const options of ['the body', ['a'], new URLSearchParams('a=b'), new Uint8Array(1)]) {
        const expected = { message: /The options must be an object/ }
        await rejects(requests.post(servers.http, untyped(options)), TypeError, expected)
        await rejects(session.post(servers.http, untyped(options)), TypeError, expected)
      }
      for (const options of [{ timeout: [3, 27] }, { hooks: () => false }, { retries: [3] }]) {
        const expected = { message: /must be an object/ }
        await rejects(requests.get(servers.http, untyped(options)), TypeError, expected)
      }
      await session.close()
    },
  },
  {
    name: 'misuse: what is not given may have any name',
    run: async ({ requests, servers }) => {
      const options = untyped({ whatever: undefined, hooks: { any: undefined } })
      ok((await requests.get(`${servers.http}/echo`, options)).ok)
    },
  },
  {
    name: 'misuse: sessions, retries, transports and downloads have no other names either',
    run: async ({ requests, servers }) => {
      // The point is what a caller without types may pass.
      const asNever = (given: unknown): never => given as never
      for (const make of [
        () => new requests.Session({ proxy: 'http://p.test' } as SessionInput),
        () => new requests.Session(asNever(servers.http)),
        () => new requests.Retry(asNever({ limit: 3 })),
        () => new requests.Retry(asNever(3)),
        () => requests.transport(asNever({ allowAdress: 'public' })),
        () => requests.transport(asNever({ pool: { maxConections: 1 } })),
      ]) {
        match(throws(make, TypeError).message, /must be an object|There is no/)
      }
      const options = asNever({ secretHeaders: ['X-Tenant'] })
      const sink = asNever(() => ok(false, 'opened'))
      await rejects(requests.download(servers.http, sink, options), TypeError, {
        message: /no download option "secretHeaders"/,
      })
    },
  },
]

function untyped(options: unknown): RequestOptions {
  // The point is what a caller without types may pass.
  return options as RequestOptions
}
