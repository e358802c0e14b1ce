/** What every runtime's entry exports alike (layer 7); `adapters/<runtime>/index.ts` adds the rest. */
export { BasicAuth } from './auth/basic.ts'
export { BearerAuth } from './auth/bearer.ts'
export { DigestAuth } from './auth/digest.ts'
export type { DigestOptions } from './auth/digest.ts'
export { ProxyAuth } from './auth/proxy.ts'
export type { FileOptions, FileSource } from './body/file-source.ts'
export { CookieJar } from './cookies/jar.ts'
export type { CookieJarOptions } from './cookies/jar.ts'
export type {
  CookieStorage,
  PersistentCookieJar,
  PersistentCookieJarOptions,
} from './cookies/persist.ts'
export type { CookieJarJSON } from './cookies/serialize.ts'
export type { Link, LinkTable } from './decode/links.ts'
export type { Download } from './download/control.ts'
export type { Checksum, ChecksumInput, DigestPolicy } from './download/integrity.ts'
export type {
  DownloadDestination,
  DownloadOptions,
  DownloadResult,
  RefreshEvent,
} from './download/options.ts'
export type { DownloadProgress } from './download/progress.ts'
export * as errors from './errors.ts'
export {
  isConnectionError,
  isHTTPError,
  isRequestError,
  isTimeoutError,
  isUnsupportedError,
} from './errors.ts'
export { Headers } from './headers.ts'
export type {
  AddressPolicy,
  BodySource,
  Capabilities,
  Capability,
  PoolSettings,
  PoolStats,
  RuntimeName,
  Transport,
  TransportSettings,
  TransportTls,
  WireRequest,
  WireResponse,
} from './ports.ts'
export { PreparedRequest } from './prepared-request.ts'
export type { SecretsOption } from './prepared-hide.ts'
export type { PreparedJSON } from './prepared-json.ts'
export type { SentRequest } from './prepared-request.ts'
export { Request } from './request.ts'
export type { ResponseInit } from './response.ts'
export type { IterContentOptions } from './response-content.ts'
export type { ResponseInput } from './response-input.ts'
export { Response } from './response-made.ts'
export type { RecordOptions, ServerSentEvent } from './response-records.ts'
export type { RequestReport, ResponseReport } from './response-report.ts'
export type { SaveDestination } from './response-save.ts'
export type { Timings } from './response-timings.ts'
export { Retry } from './retry.ts'
export type { RetryOptions } from './retry.ts'
export type {
  HooksInput,
  PrepareOptions,
  RedirectEvent,
  RequestInput,
  RequestOptions,
  RetryEvent,
  SendOptions,
  SendSettings,
  SessionInput,
} from './settings.ts'
export { codes } from './status.ts'
export type * from './types.ts'
export { VERSION } from './version.ts'
