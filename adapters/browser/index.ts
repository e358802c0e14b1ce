/**
 * `ubiquest` in browsers: the whole surface, bound to this runtime. Nothing runs on import. Names
 * alone, so that a bundler takes along no file behind a name that is not used.
 */
export * from '../../src/index.ts'
export { handlerTransport } from '../fetch/handler.ts'
export type { FetchHandler, HandlerOptions } from '../fetch/handler.ts'
export { openCookieJar } from './cookie-jar.ts'
export { capabilities, runtime } from './about.ts'
export { CookieJar, PreparedRequest, Request, Retry } from './classes.ts'
export { delete, get, head, options } from './calls.ts'
export { patch, post, put, request } from './calls-with-body.ts'
export { download, file } from './files.ts'
export { Session, transport } from './session.ts'
