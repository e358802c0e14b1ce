/**
 * The web's own constructors (layer 0), looked up when they are needed and nowhere else: the one
 * place of the core that reads the global object. Engines without them are given some by the
 * ponyfill adapter; nothing is ever installed on the global object.
 */
export interface WebTypes {
  readonly ReadableStream: typeof globalThis.ReadableStream
  readonly Blob: typeof globalThis.Blob
  readonly FormData: typeof globalThis.FormData
  readonly Headers: typeof globalThis.Headers
  readonly Request: typeof globalThis.Request
  readonly Response: typeof globalThis.Response
  readonly AbortController: typeof globalThis.AbortController
  readonly crypto: typeof globalThis.crypto
  readonly CompressionStream: typeof globalThis.CompressionStream
}

let provided: Partial<WebTypes> = {}

export function provideWebTypes(types: Partial<WebTypes>): void {
  provided = types
}

/** The constructor of that name, or undefined where neither the engine nor a ponyfill has it. */
export function webType<Name extends keyof WebTypes>(name: Name): WebTypes[Name] | undefined {
  return provided[name] ?? (globalThis as Partial<WebTypes>)[name]
}
