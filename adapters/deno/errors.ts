/** The errors of Deno's `node:` modules, which carry Node's codes. */
export { fileError, translateError } from '../node/errors.ts'
