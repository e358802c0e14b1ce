/**
 * `ubiquest` in browsers: the whole surface, bound to this runtime. Nothing runs on import. Two files
 * of names, so that a bundler that looks at files takes along nothing for `get` but what `get` needs.
 */
export { delete, get, head, options } from './calls.ts'
export * from './more.ts'
