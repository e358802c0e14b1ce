/**
 * `ubiquest` in browsers: the whole surface, bound to this runtime. Nothing runs on import. Each file
 * that is named here, or in `src/index.ts`, is one that bundlers of pages can take by itself.
 */
export { delete, get, head, options } from './calls.ts'
export * from '../../src/index.ts'
export { handlerTransport } from '../fetch/handler.ts'
export type { FetchHandler, HandlerOptions } from '../fetch/handler.ts'
export { capabilities, runtime } from './about.ts'
export { patch, post, put, request } from './calls-with-body.ts'
export { openCookieJar } from './cookie-jar.ts'
export { download, file } from './files.ts'
export { Session, transport } from './session.ts'
