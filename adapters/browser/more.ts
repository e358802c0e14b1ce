/** All names but those of the calls that most pages make. */
export * from '../../src/index.ts'
export { handlerTransport } from '../fetch/handler.ts'
export type { FetchHandler, HandlerOptions } from '../fetch/handler.ts'
export { capabilities, runtime } from './about.ts'
export { patch, post, put, request } from './calls-with-body.ts'
export { openCookieJar } from './cookie-jar.ts'
export { download, file } from './files.ts'
export { Session, transport } from './session.ts'
