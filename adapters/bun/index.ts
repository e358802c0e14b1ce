/** `ubiquest` on Bun: the whole surface, bound to this runtime. Nothing runs on import. */
import { call } from '../../src/api.ts'
import { fileSource } from '../../src/body/file-source.ts'
import type { FileOptions, FileSource, FileSourceInput } from '../../src/body/file-source.ts'
import type { Download } from '../../src/download/control.ts'
import type {
  DownloadDestination,
  DownloadOptions,
  DownloadResult,
} from '../../src/download/options.ts'
import { startDownload } from '../../src/download/start.ts'
import type { Capabilities, RuntimeName, Transport, TransportSettings } from '../../src/ports.ts'
import type { Response } from '../../src/response.ts'
import { Session as CoreSession } from '../../src/session.ts'
import type { RequestOptions, SessionInput } from '../../src/settings.ts'
import type { URLInput } from '../../src/types.ts'
import { bunCapabilities } from './capabilities.ts'
import { platform } from './platform.ts'

export * from '../../src/index.ts'
export { handlerTransport } from '../fetch/handler.ts'
export type { FetchHandler, HandlerOptions } from '../fetch/handler.ts'
export { CookieJar } from '../cookie-jar.ts'
export { openCookieJar } from '../node/open-cookie-jar.ts'

/** Which entry of the package this is. */
export const runtime: RuntimeName = 'bun'
/** What the default transport can do here; what it cannot is an `UnsupportedError`. */
export const capabilities: Capabilities = bunCapabilities

/** One jar, one pool and one set of defaults for many calls. */
export class Session extends CoreSession {
  constructor(defaults?: SessionInput) {
    super(platform, defaults)
  }
}

export function request(
  method: string,
  url: URLInput,
  options?: RequestOptions,
): Promise<Response> {
  return call(platform, method, url, options)
}
export function get(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'GET', url, options)
}
export function options(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'OPTIONS', url, options)
}
export function head(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'HEAD', url, options)
}
export function post(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'POST', url, options)
}
export function put(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'PUT', url, options)
}
export function patch(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'PATCH', url, options)
}
function del(url: URLInput, options?: RequestOptions): Promise<Response> {
  return call(platform, 'DELETE', url, options)
}
export { del as delete }

/** A file to send: opened when it is sent, again for each attempt, never read into memory. */
export function file(source: FileSourceInput, options?: FileOptions): FileSource {
  return fileSource(platform.files, platform.runtime, source, options)
}

/**
 * Downloads that survive: what is there of a file is kept, checked and gone on with by the next call.
 * The promise can be paused.
 */
export function download(
  url: URLInput,
  destination: DownloadDestination,
  options?: DownloadOptions,
): Download<DownloadResult> {
  return startDownload(platform, { url, destination, options }, () =>
    import('../node/download-files.ts').then((files) => files.openParts),
  )
}

/** The platform's own transport with other settings, to mount. */
export function transport(settings: TransportSettings = {}): Transport {
  return platform.transport(settings)
}
