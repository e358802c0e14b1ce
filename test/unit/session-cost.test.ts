/** What a call makes, counted: figures that depend on no machine, so that none of them grows unseen. */
import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { platform } from '../../adapters/node/platform.ts'
import { undiciCapabilities } from '../../adapters/undici/capabilities.ts'
import type { HeaderPair, Transport, WireBody, WireRequest, WireResponse } from '../../src/ports.ts'
import { Session } from '../../src/session.ts'

const URL_TEXT = 'http://cost.test/path?query=1'

class Canned implements WireBody {
  #bytes: Uint8Array | null = new TextEncoder().encode('{"id":42}')
  readonly #request: WireRequest

  constructor(request: WireRequest) {
    this.#request = request
  }

  collectNow(): Uint8Array | null {
    const bytes = this.#bytes
    this.#bytes = null
    this.#request.deadline.end()
    return bytes
  }
  collect(): Promise<Uint8Array> {
    return Promise.resolve(this.collectNow() ?? new Uint8Array(0))
  }
  read(): Promise<Uint8Array | null> {
    return Promise.resolve(this.collectNow())
  }
  cancel(): void {
    this.#bytes = null
  }
}

/** Answers at once; /hop3 leads to /hop2, /hop1 and /hop0, which leads no further. */
function cannedTransport(): Transport {
  const send = (request: WireRequest): Promise<WireResponse> => {
    const left = Number(/\/hop(\d)$/.exec(request.url.pathname)?.[1] ?? 0)
    const place: HeaderPair[] = left === 0 ? [] : [['Location', `/hop${String(left - 1)}`]]
    return Promise.resolve({
      status: left === 0 ? 200 : 302,
      statusText: '',
      headers: [['Content-Type', 'application/json'], ...place],
      undone: [],
      url: null,
      redirected: false,
      httpVersion: '1.1',
      body: new Canned(request),
    })
  }
  return { capabilities: undiciCapabilities, send, close: () => Promise.resolve() }
}

async function countPromises(call: () => Promise<unknown>): Promise<number> {
  let promises = 0
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') promises += 1
    },
  })
  await call()
  hook.enable()
  const pending = call()
  await pending
  hook.disable()
  return promises
}

function openSession(): Session {
  const session = new Session(platform)
  session.mount('http://cost.test/', cannedTransport())
  session.cookies.set('sid', '1')
  return session
}

test('a GET and its JSON make few promises', async () => {
  const session = openSession()
  const get = await countPromises(() => session.get(URL_TEXT))
  const both = await countPromises(async () => (await session.get(URL_TEXT)).json())
  await session.close()
  assert.ok(get <= 5, `session.get makes ${String(get)} promises`)
  assert.ok(both <= 9, `with json() there are ${String(both)}`)
})

test('a redirect makes few promises more', async () => {
  const session = openSession()
  const straight = await countPromises(() => session.get(URL_TEXT))
  const round = await countPromises(() => session.get('http://cost.test/hop3'))
  await session.close()
  const each = (round - straight) / 3
  assert.ok(each <= 4, `a hop makes ${String(each)} promises`)
})

test('a GET makes no object of the platform that nobody asked for', async () => {
  const made: string[] = []
  const names = ['Headers', 'Request', 'Response', 'AbortController', 'ReadableStream'] as const
  const natives = names.map((name) => [name, Reflect.get(globalThis, name) as unknown] as const)
  const session = openSession()
  for (const [name, native] of natives) {
    // Each of them is a constructor.
    const watched = new Proxy(native as new () => object, {
      construct(target, args, heir): object {
        made.push(name)
        // What a constructor makes is an object.
        return Reflect.construct(target, args, heir) as object
      },
    })
    Reflect.set(globalThis, name, watched)
  }
  try {
    await (await session.get(URL_TEXT)).json()
  } finally {
    for (const [name, native] of natives) Reflect.set(globalThis, name, native)
    await session.close()
  }
  assert.deepEqual(made, [])
})

test('an idle session with a header and a cookie of its own holds about a kilobyte', () => {
  setFlagsFromString('--expose-gc')
  // The flag adds it to contexts that are made from then on.
  const collect = runInNewContext('gc') as () => void
  const open = (n: number): Session => {
    const session = new Session(platform, { headers: { 'X-Number': n } })
    session.cookies.set('sid', `value-${String(n)}`)
    return session
  }
  const held = [open(0)]
  collect()
  const before = process.memoryUsage().heapUsed
  for (let n = 1; n <= 5000; n++) held.push(open(n))
  collect()
  const each = (process.memoryUsage().heapUsed - before) / (held.length - 1)
  assert.ok(each < 1200, `a session holds ${each.toFixed(0)} bytes`)
})
