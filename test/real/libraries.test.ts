/** `session.fetch` in libraries that take a fetch: Octokit, the OpenAI client, ofetch. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { request as octokit } from '@octokit/request'
import { createFetch } from 'ofetch'
import OpenAI from 'openai'
import * as requests from '../../adapters/node/index.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
}

let server: Server
let base: string
const seen: Seen[] = []
const session = new requests.Session({ headers: { 'X-Session': 'yes' } })

before(async () => {
  server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    seen.push({ method, url, headers })
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Holds for a server that listens on TCP.
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})
after(async () => {
  await session.close()
  await new Promise((resolve) => server.close(resolve))
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request
  const send = (status: number, value: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Set-Cookie': 'seen=1' })
    response.end(JSON.stringify(value))
  }
  if (url === '/moved') {
    response.writeHead(307, { Location: '/repos/a/b/issues' }).end()
  } else if (url === '/repos/a/b/issues') {
    send(201, { number: 7, got: method === 'POST' ? await json(request) : null })
  } else if (url === '/missing') {
    send(404, { message: 'Not Found' })
  } else if (url.startsWith('/ofetch')) {
    send(200, { url, method, got: method === 'PUT' ? await json(request) : null })
  } else if (url === '/v1/chat/completions') {
    await complete(request, response)
  } else send(500, { error: { message: 'unknown' } })
}

/** Server-sent events, as the API of that client streams them. */
async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { messages } = (await json(request)) as { messages: { content: string }[] }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  for (const word of ['You', ' said ', messages[0]?.content ?? '']) {
    const choices = [{ index: 0, delta: { content: word }, finish_reason: null }]
    response.write(
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices })}\n\n`,
    )
  }
  response.end('data: [DONE]\n\n')
}

test('Octokit: requests, a redirect with a body, an error by status', async () => {
  const call = octokit.defaults({ baseUrl: base, request: { fetch: session.fetch } })
  const made = await call('POST /repos/{owner}/{repo}/issues', {
    owner: 'a',
    repo: 'b',
    title: 'Ünïcode',
  })
  assert.equal(made.status, 201)
  assert.deepEqual(made.data, { number: 7, got: { title: 'Ünïcode' } })
  const moved = await call('POST /moved', { title: 'again' })
  assert.deepEqual(moved.data, { number: 7, got: { title: 'again' } })
  await assert.rejects(call('GET /missing'), { status: 404 })
  assert.equal(seen.at(-1)?.headers['x-session'], 'yes')
  assert.match(seen.at(-1)?.headers.accept ?? '', /github/)
})

test('OpenAI: a streamed answer, event by event, and the mapping of errors', async () => {
  const client = new OpenAI({
    ...{ apiKey: 'sk-test', baseURL: `${base}/v1`, fetch: session.fetch, maxRetries: 0 },
  })
  const stream = await client.chat.completions.create({
    model: 'none',
    messages: [{ role: 'user', content: 'hi' }],
    stream: true,
  })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  assert.equal(text, 'You said hi')
  assert.equal(seen.at(-1)?.headers.authorization, 'Bearer sk-test')
  assert.equal(seen.at(-1)?.headers['x-session'], 'yes')
  await assert.rejects(client.models.list(), OpenAI.InternalServerError)
  const offline = new OpenAI({
    ...{ apiKey: 'x', baseURL: 'http://127.0.0.1:1/v1', fetch: session.fetch, maxRetries: 0 },
  })
  await assert.rejects(offline.models.list(), OpenAI.APIConnectionError)
})

test('ofetch: queries, JSON bodies, errors, and the cookies of the session', async () => {
  const ofetch = createFetch({ fetch: session.fetch, Headers, AbortController })
  assert.deepEqual(await ofetch(`${base}/ofetch`, { query: { a: [1, 2] } }), {
    url: '/ofetch?a=1&a=2',
    method: 'GET',
    got: null,
  })
  assert.match(seen.at(-1)?.headers.cookie ?? '', /seen=1/)
  const put: unknown = await ofetch(`${base}/ofetch`, { method: 'PUT', body: { b: 'ö' } })
  assert.deepEqual(put, { url: '/ofetch', method: 'PUT', got: { b: 'ö' } })
  await assert.rejects(ofetch(`${base}/missing`, { retry: 0 }), { statusCode: 404 })
})
