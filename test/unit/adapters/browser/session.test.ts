/** Sessions of browsers, which load what sends with their first call. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Session } from '../../../../adapters/browser/session.ts'
import { handlerTransport } from '../../../../adapters/fetch/handler.ts'
import { ConnectionError } from '../../../../src/errors.ts'

test('a session that is closed while its first call waits for the code sends nothing', async () => {
  const session = new Session()
  let asked = 0
  const answer = (): Response => new Response(String((asked += 1)))
  session.mount('https://app.test/', handlerTransport(answer))
  const call = session.get('https://app.test/')
  await session.close()
  await assert.rejects(call, (error) => {
    return error instanceof ConnectionError && error.code === 'SESSION_CLOSED'
  })
  assert.equal(asked, 0)
})

test('a call that was made before the code is there is sent as it was then', async () => {
  await using session = new Session()
  session.mount(
    'https://app.test/',
    handlerTransport((request) => new Response(request.url)),
  )
  const call = session.get('https://app.test/first')
  session.params = { late: 1 }
  assert.equal(await (await call).text(), 'https://app.test/first')
})
