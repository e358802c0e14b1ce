/** All servers of the conformance suite, started and closed together. */
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Servers } from '../harness/case.ts'
import { makeCertificates } from './certificates.ts'
import type { Certificates, Identity } from './certificates.ts'
import { controlRoutes } from './control.ts'
import { Journal } from './journal.ts'
import {
  listenHttp,
  listenHttp2,
  listenHttps,
  listenSilently,
  listenUnix,
  refusedPort,
} from './listeners.ts'
import type { AppListenerOptions, Listener, TlsDemands } from './listeners.ts'
import { ProxyLog, listenProxy } from './proxy.ts'
import { listenRecorder } from './recorder.ts'
import { appRoutes } from './routes/index.ts'
import { listenSocks } from './socks.ts'

export interface RunningServers {
  readonly servers: Servers
  close(): Promise<void>
}

export async function startServers(): Promise<RunningServers> {
  const opened: Listener[] = []
  const close = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map(async (listener) => listener.close()))
  }
  try {
    return { servers: await openAll(opened), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openAll(opened: Listener[]): Promise<Servers> {
  const certificates = await makeCertificates()
  const journal = new Journal()
  const proxyLog = new ProxyLog()
  const app = (listener: string): AppListenerOptions => ({ listener, routes: appRoutes, journal })
  const open = async <T extends Listener>(listening: Promise<T>): Promise<T> => {
    const listener = await listening
    opened.push(listener)
    return listener
  }
  const plain = await openPlain(app, open)
  const secure = await openSecure(certificates, app, open)
  const recorder = await open(listenRecorder(certificates.valid))
  const socks = await open(listenSocks({ name: 'socks', log: proxyLog, password: null }))
  const socksAuth = await open(
    listenSocks({ name: 'socksAuth', log: proxyLog, password: 'secret' }),
  )
  const proxy = await open(listenProxy({ name: 'proxy', log: proxyLog, password: null }))
  const proxyAuth = await open(
    listenProxy({ name: 'proxyAuth', log: proxyLog, password: 'secret' }),
  )
  const digest = { name: 'proxyDigest', log: proxyLog, password: 'secret', digestUses: 3 }
  const proxyDigest = await open(listenProxy(digest))
  const routes = controlRoutes({ journal, recorder, proxyLog })
  // A journal of its own, so that control calls do not count as traffic of the cases.
  const control = await open(listenHttp({ listener: 'control', routes, journal: new Journal() }))
  return {
    ...plain,
    ...secure,
    unix: await openUnix(app, open),
    silent: `127.0.0.1:${String((await open(listenSilently())).port)}`,
    clientCert: certificates.client.cert,
    clientKey: certificates.client.key,
    socks: `127.0.0.1:${String(socks.port)}`,
    socksAuth: `127.0.0.1:${String(socksAuth.port)}`,
    refused: httpUrl(await refusedPort()),
    proxy: httpUrl(proxy.port),
    proxyAuth: httpUrl(proxyAuth.port),
    proxyDigest: httpUrl(proxyDigest.port),
    raw: httpUrl(recorder.port),
    ca: certificates.ca,
    control: httpUrl(control.port),
  }
}

type App = (listener: string) => AppListenerOptions
type Open = (listening: Promise<Listener>) => Promise<Listener>

async function openPlain(app: App, open: Open): Promise<Pick<Servers, 'http' | 'other' | 'http6'>> {
  const http = await open(listenHttp(app('http')))
  const other = await open(listenHttp(app('other')))
  let http6: string | null = null
  try {
    const { port } = await open(listenHttp(app('http6'), '::1'))
    http6 = `http://[::1]:${String(port)}`
  } catch {
    // A machine without IPv6: the cases see null.
  }
  return { http: httpUrl(http.port), other: httpUrl(other.port), http6 }
}

/** Null on a system without such sockets. */
async function openUnix(app: App, open: Open): Promise<string | null> {
  const path = join(tmpdir(), `ubiquest-${randomUUID().slice(0, 8)}.sock`)
  try {
    await open(listenUnix(app('unix'), path))
    return path
  } catch {
    return null
  }
}

async function openSecure(
  { ca, valid, selfSigned, expired, wrongHost }: Certificates,
  app: App,
  open: Open,
): Promise<
  Pick<Servers, 'https' | 'h2' | 'untrusted' | 'expired' | 'wrongHost' | 'mtls' | 'tls12'>
> {
  const https = async (name: string, identity: Identity, demands?: TlsDemands): Promise<string> =>
    httpsUrl((await open(listenHttps(app(name), identity, demands))).port)
  return {
    mtls: await https('mtls', valid, { clientCa: ca }),
    tls12: await https('tls12', valid, { maxVersion: 'TLSv1.2' }),
    https: await https('https', valid),
    h2: httpsUrl((await open(listenHttp2(app('h2'), valid))).port),
    untrusted: await https('untrusted', selfSigned),
    expired: await https('expired', expired),
    wrongHost: await https('wrongHost', wrongHost),
  }
}

function httpUrl(port: number): string {
  return `http://127.0.0.1:${String(port)}`
}

function httpsUrl(port: number): string {
  return `https://localhost:${String(port)}`
}
