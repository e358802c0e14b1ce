/** The few shapes of workerd's globals that are used. */

/** The only way to a Content-Length for a body that is made on the way. */
export interface FixedLengthStreamPair {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}
export type FixedLengthStreamType = new (length: number) => FixedLengthStreamPair

export function fixedLengthStream(): FixedLengthStreamType | undefined {
  // A global of every workerd; the module may be loaded by other runtimes, which have none.
  return Reflect.get(globalThis, 'FixedLengthStream') as FixedLengthStreamType | undefined
}
