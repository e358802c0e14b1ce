/**
 * `ubiquest` on Cloudflare Workers (workerd): the whole surface, bound to this runtime. Nothing runs on
 * import. A file for each group of names, so that a Worker has to read only what it uses.
 */
export * from '../../src/index.ts'
export { handlerTransport } from '../fetch/handler.ts'
export type { FetchHandler, HandlerOptions } from '../fetch/handler.ts'
export { CookieJar } from '../cookie-jar.ts'
export { capabilities, runtime } from './about.ts'
export { delete, get, head, options, patch, post, put, request } from './calls.ts'
export { download, file } from './files.ts'
export { openCookieJar } from './open-cookie-jar.ts'
export { Session, transport } from './session.ts'
