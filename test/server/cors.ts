/** CORS for everybody: pages of the browser targets call all listeners across ports. */

/** What is needed of a request: any of Node's. */
export interface WithHeaders {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

type Field = readonly [name: string, value: string]

/** Fields to add to an answer that has these. Requests without an Origin get none. */
export function corsFields(request: WithHeaders, fields: readonly Field[]): Field[] {
  const origin = one(request, 'origin')
  if (origin === null) return []
  // With credentials, `*` would be the name of a field and no wildcard (Fetch §3.3.4).
  const names = new Set(fields.map(([name]) => name.toLowerCase()))
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Access-Control-Expose-Headers', ['date', ...names].join(', ')],
    ['Timing-Allow-Origin', origin],
    ['Vary', 'Origin'],
  ]
}

/** The answer to a preflight, or null when the request is none: a plain OPTIONS is the case's. */
export function preflightFields(method: string, request: WithHeaders): Field[] | null {
  const asked = one(request, 'access-control-request-method')
  const origin = one(request, 'origin')
  if (method !== 'OPTIONS' || asked === null || origin === null) return null
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Access-Control-Allow-Methods', asked],
    ['Access-Control-Allow-Headers', one(request, 'access-control-request-headers') ?? ''],
    ['Access-Control-Allow-Private-Network', 'true'],
    ['Access-Control-Max-Age', '600'],
    ['Vary', 'Origin'],
  ]
}

function one({ headers }: WithHeaders, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' ? value : (value?.[0] ?? null)
}
