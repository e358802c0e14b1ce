/** How Bun's `fetch` is made to do what was asked: framing, proxy, TLS and raw bytes (1.3, 1.4). */
import { findHeader } from '../../src/header-list.ts'
import { bare } from '../../src/own.ts'
import type { HeaderPairs, TransportTls, WireRequest } from '../../src/ports.ts'
import { unsupported } from '../../src/unsupported.ts'
import type { Carrier, Dialect, FetchFunction, NativeInit, Whole } from '../fetch/dialect.ts'
import { pickInit } from '../fetch/native-init.ts'
import type { Upload } from '../fetch/upload.ts'
import { bunGlobal } from './bun-types.ts'
import { bunCapabilities } from './capabilities.ts'
import { translateBunError } from './errors.ts'
import { tlsInit } from './tls.ts'
import type { BunTls } from './tls.ts'
import { usualDialect } from '../fetch/usual-dialect.ts'

/** @param tls of every connection. */
export function bunDialect(fetch: () => FetchFunction, tls: TransportTls = bare({})): Dialect {
  return {
    ...usualDialect,
    runtime: 'bun',
    capabilities: bunCapabilities,
    fetch,
    refuse,
    init: (request, init) => fillInit(request, init, tls),
    uploadBody,
    undone: () => NOTHING,
    lengthHolds: () => true,
    whole: true,
    peek,
    bytesOf: (response) => response.bytes(),
    translateError: translateBunError,
  }
}

const PLAIN: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
])

function refuse(request: WireRequest): void {
  const { method, url, body, proxy } = request
  // Bun sends GET for a method it does not know; its own Request tells which ones it knows.
  if (!PLAIN.has(method) && new globalThis.Request(url, { method }).method !== method) {
    throw unsupported(`The method ${method}`, 'bun', 'Bun would send GET instead.')
  }
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    throw unsupported(
      `A body with ${method}`,
      'bun',
      'Use POST, or QUERY where the server knows it.',
    )
  }
  if (proxy !== null && proxy.url.protocol !== 'http:' && proxy.url.protocol !== 'https:') {
    throw unsupported(
      `A ${proxy.url.protocol.slice(0, -1)} proxy`,
      'bun',
      'Use an http or https proxy.',
    )
  }
}

const NOTHING: readonly string[] = []
const BUN_KEYS = ['verbose']

function fillInit(
  request: WireRequest,
  init: NativeInit,
  always: TransportTls,
): NativeInit | Promise<NativeInit> {
  // Raw bytes, decoded by us: the same codings and checks as everywhere; and Bun adds no
  // Accept-Encoding of its own.
  init['decompress'] = false
  // Bun's own ceiling of five minutes of silence; the deadline is ours.
  init['timeout'] = false
  // `false` alone keeps Bun from the environment's proxies.
  init['proxy'] = request.proxy === null ? false : proxyInit(request.proxy, request.headers)
  if (request.socketPath !== null) init['unix'] = request.socketPath
  pickInit(request.init, init, BUN_KEYS)
  const { verify, cert } = request.tls
  const { minVersion, serverName } = always
  const plain = verify === true && cert === null
  if (plain && minVersion === undefined && serverName === undefined) return init
  return withTls(init, tlsInit(request.tls, always))
}

async function withTls(init: NativeInit, opening: Promise<BunTls>): Promise<NativeInit> {
  init['tls'] = bare(await opening)
  return init
}

/** Without `respectNoProxy: false` the environment's NO_PROXY would overrule the core. A header of
 *  the caller's own wins over the credentials of the proxy's URL, as on every runtime. */
function proxyInit(proxy: NonNullable<WireRequest['proxy']>, headers: HeaderPairs): NativeInit {
  const own = findHeader(headers, 'proxy-authorization')
  const rest = { respectNoProxy: false }
  if (own !== null) {
    return bare({ url: proxy.url.href, headers: bare({ 'Proxy-Authorization': own }), ...rest })
  }
  const url = new URL(proxy.url)
  url.username = encodeURIComponent(proxy.username)
  url.password = encodeURIComponent(proxy.password)
  return bare({ url: url.href, ...rest })
}

function peek(promise: Promise<Whole>): Whole | null {
  // Of one that is fulfilled, its value; of one that is not, itself or its error.
  const value = bunGlobal()?.peek(promise)
  return value instanceof Uint8Array ? value : null
}

/** Never a composed Blob: Bun drops file-backed parts of it in silence. */
function uploadBody(upload: Upload): Carrier {
  const bytes = upload.bytes()
  if (bytes !== null) return { body: bytes, whole: true }
  const { length } = upload
  return {
    body: upload.stream(),
    whole: false,
    // Honoured and counted by Bun 1.4; 1.3 trusts it, and our own pump has counted already.
    headers: length === null ? [] : [['Content-Length', String(length)]],
  }
}
