/** A transport that answers from a script: hosts, https and headers as a case likes, on any runtime. */
import type { Transport, WireRequest, WireResponse } from '../../src/ports.ts'
import type { Capabilities } from '../../src/ports.ts'

/** The lines of each URL's Set-Cookie; a second list is where it redirects to. */
export type Script = Readonly<
  Record<string, { readonly set?: readonly string[]; readonly to?: string }>
>

export interface Scripted extends Transport {
  /** URL and Cookie header of each request, in order. */
  readonly requests: (readonly [url: string, cookie: string | null])[]
}

export function scripted(capabilities: Capabilities, script: Script): Scripted {
  const requests: (readonly [string, string | null])[] = []
  return {
    capabilities: { ...capabilities, cookies: true, manualRedirect: true },
    requests,
    send: async (request) => {
      const { href } = request.url
      requests.push([href, cookieOf(request)])
      return await Promise.resolve(answer(script[href] ?? {}))
    },
    close: () => Promise.resolve(),
  }
}

function cookieOf(request: WireRequest): string | null {
  return request.headers.find(([name]) => name.toLowerCase() === 'cookie')?.[1] ?? null
}

function answer({ set = [], to }: Script[string]): WireResponse {
  const location = to === undefined ? [] : [['Location', to] as const]
  return {
    status: to === undefined ? 200 : 302,
    statusText: '',
    headers: [...set.map((line) => ['Set-Cookie', line] as const), ...location],
    undone: [],
    url: null,
    redirected: false,
    httpVersion: null,
    body: {
      read: () => Promise.resolve(null),
      collect: () => Promise.resolve(new Uint8Array(0)),
      cancel: () => undefined,
    },
  }
}
