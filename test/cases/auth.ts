/** Authentication that needs no challenge. */
import { equal, notOk, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { readEcho, sent } from './echo.ts'

export const cases: readonly Case[] = [
  {
    name: 'auth: a pair is Basic, in UTF-8',
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/basic-auth/j%C3%BCrgen/p%40ss`
      equal((await requests.get(url, { auth: ['jürgen', 'p@ss'] })).status, 200)
      equal(
        (await requests.get(url, { auth: new requests.BasicAuth('jürgen', 'p@ss') })).status,
        200,
      )
      const refused = await requests.get(`${servers.http}/hidden-basic-auth/a/b`, {
        auth: ['a', 'wrong'],
      })
      equal(refused.status, 404)
    },
  },
  {
    name: 'auth: a Bearer token',
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/bearer`, {
        auth: new requests.BearerAuth('abc.def'),
      })
      equal(await response.json(), { authenticated: true, token: 'abc.def' })
    },
  },
  {
    name: 'auth: a function sees the request and may sign it',
    run: async ({ requests, servers }) => {
      const response = await requests.post(`${servers.http}/echo?x=1`, {
        data: 'abc',
        auth: async (request) => {
          await Promise.resolve()
          request.setHeader('X-Signed', `${request.method} ${request.url.pathname}`)
        },
      })
      equal(sent(await readEcho(response), 'x-signed'), ['POST /echo'])
    },
  },
  {
    name: 'auth: call over session, null switches it off, a header of the call wins over the session',
    run: async ({ session, servers }) => {
      const own = session({ auth: ['session', 'x'] })
      const header = async (options: Parameters<typeof own.get>[1]): Promise<string[]> =>
        sent(await readEcho(await own.get(`${servers.http}/echo`, options)), 'authorization')
      equal(await header({}), ['Basic c2Vzc2lvbjp4'])
      equal(await header({ auth: ['call', 'x'] }), ['Basic Y2FsbDp4'])
      equal(await header({ auth: null }), [])
      equal(await header({ headers: { Authorization: 'Own 1' } }), ['Own 1'])
    },
  },
  {
    name: 'auth: it is dropped on the way to another origin',
    needs: ['manualRedirect'],
    run: async ({ requests, servers }) => {
      const target = encodeURIComponent(`${servers.other}/echo`)
      const response = await requests.get(`${servers.http}/redirect-to?url=${target}`, {
        auth: ['user', 'secret'],
      })
      equal(sent(await readEcho(response), 'authorization'), [])
    },
  },
  {
    name: 'auth: secrets are in no message and no inspection',
    run: async ({ requests, servers }) => {
      const url = servers.refused.replace('://', '://user:hunter2@')
      const error = await rejects(
        requests.get(`${url}/path?token=hunter2`),
        requests.errors.ConnectionError,
      )
      for (const text of [error.message, String(error), JSON.stringify(error), error.stack ?? '']) {
        notOk(text.includes('hunter2'), text)
      }
    },
  },
]
