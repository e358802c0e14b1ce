/** Plays one scenario with our own library; `run.py` is the same in Python. */
import type * as Library from '../../adapters/node/index.ts'
import type { Call, Json, Scenario } from './scenarios.ts'

type Requests = typeof Library
type Options = Readonly<Record<string, Json>>

export async function play(requests: Requests, scenario: Scenario, base: string): Promise<unknown> {
  const session = new requests.Session({
    ...translate(requests, scenario.session ?? {}),
    trustEnv: false,
  })
  const results: unknown[] = []
  for (const call of scenario.calls) results.push(await playCall(requests, session, { call, base }))
  await session.close()
  return results
}

async function playCall(
  requests: Requests,
  session: InstanceType<Requests['Session']>,
  { call, base }: { readonly call: Call; readonly base: string },
): Promise<unknown> {
  const url = base + (call.path ?? '')
  const options = translate(requests, call.options ?? {})
  try {
    const response =
      call.change === undefined
        ? await session.request(call.method, url, options)
        : await session.send(
            change(
              session.prepareRequest(new requests.Request(call.method, url, options)),
              call.change,
            ),
          )
    if (call.raise === true) response.raiseForStatus()
    return {
      status: response.status,
      url: response.url.replace(base, ''),
      history: response.history.map((each) => each.status),
      // What Python calls ok is all that raises nothing.
      ok: response.status < 400,
      text: await response.text(),
      isRedirect: response.isRedirect,
      cookies: session.cookies.toObject(),
      next: response.next?.url.replace(base, '') ?? null,
    }
  } catch (error) {
    return { error: PYTHON_NAMES[(error as Error).name] ?? String(error) }
  }
}

const PYTHON_NAMES: Readonly<Record<string, string>> = {
  HTTPError: 'HTTPError',
  ConnectionError: 'ConnectionError',
  TooManyRedirectsError: 'TooManyRedirects',
  InvalidURLError: 'InvalidURL',
}

function change(
  prepared: Library.PreparedRequest,
  { method, headers, body }: NonNullable<Call['change']>,
): Library.PreparedRequest {
  for (const [name, value] of Object.entries(headers ?? {}))
    prepared.headers.set(name, String(value))
  if (body !== undefined) prepared.body = body
  if (method !== undefined) prepared.method = method
  return prepared
}

function translate(requests: Requests, options: Options): object {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      name === 'auth' ? authentication(requests, value) : plain(value),
    ]),
  )
}

function authentication(requests: Requests, value: Json): unknown {
  // Pairs in the scenarios, or the name of a scheme before them.
  const [first, second = '', third = ''] = value as string[]
  return first === 'digest' ? new requests.DigestAuth(second, third) : value
}

/** Bytes are written as `{base64}`. */
function plain(value: Json): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  const entries = Object.entries(value)
  const [name, text] = entries[0] ?? []
  if (name === 'base64' && typeof text === 'string')
    return Uint8Array.from(Buffer.from(text, 'base64'))
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each)]))
}
