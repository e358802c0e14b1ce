/** The headers of a Request that is sent on (layer 0). Loaded with the first one. */

/** What belongs to the connection an incoming Request came over (RFC 9110 §7.6.1), and its Host. */
const HOP_BY_HOP: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'host', 'expect', 'proxy-authorization'],
])

export function forwarded(headers: globalThis.Headers): [string, string][] {
  const listed = (headers.get('connection') ?? '').split(',').map((name) => name.trim())
  const dropped = new Set([...HOP_BY_HOP, ...listed.map((name) => name.toLowerCase())])
  const kept: [string, string][] = []
  headers.forEach((value, name) => {
    if (!dropped.has(name)) kept.push([name, value])
  })
  return kept
}
