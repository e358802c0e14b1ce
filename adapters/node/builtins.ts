/**
 * Node's own modules, asked for when they are needed and without an import: nothing is loaded with
 * this library, bundlers see no `node:`, and Deno, Bun and workerd answer too. Structural types of
 * what is used here.
 */

export interface FileStat {
  readonly size: number
  readonly mtimeMs: number
  isDirectory(): boolean
  isFile(): boolean
}
export interface FileHandle {
  stat(): Promise<FileStat>
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }>
  writev(buffers: readonly Uint8Array[], position?: number): Promise<{ bytesWritten: number }>
  truncate(length: number): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}
export interface NodeFs {
  statSync(
    path: string,
    options: { throwIfNoEntry: false },
  ): (FileStat & { readonly mtimeMs: number }) | undefined
  readFileSync(path: string, encoding: 'utf8'): string
  readonly promises: {
    open(path: string, flags: string, mode?: number): Promise<FileHandle>
    stat(path: string): Promise<FileStat>
    lstat(path: string): Promise<FileStat>
    utimes(path: string, accessed: number, modified: number): Promise<void>
    readFile(path: string): Promise<Uint8Array>
    rename(from: string, to: string): Promise<void>
    unlink(path: string): Promise<void>
    readdir(path: string): Promise<string[]>
  }
}
export interface NodePath {
  dirname(path: string): string
  basename(path: string): string
  join(...parts: string[]): string
  resolve(path: string): string
}
export interface ZlibStream {
  /** Bytes of the input that were used. */
  readonly bytesWritten: number
  write(chunk: Uint8Array, callback: (error?: Error | null) => void): boolean
  end(callback?: () => void): unknown
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'end' | 'readable' | 'drain' | 'close', listener: () => void): unknown
  read(): Uint8Array | null
  destroy(): unknown
}
export interface NodeZlib {
  createGunzip(options?: object): ZlibStream
  createInflate(options?: object): ZlibStream
  createInflateRaw(options?: object): ZlibStream
  createBrotliDecompress(options?: object): ZlibStream
  gunzipSync(bytes: Uint8Array, options?: object): Uint8Array
  inflateSync(bytes: Uint8Array, options?: object): Uint8Array
  inflateRawSync(bytes: Uint8Array, options?: object): Uint8Array
  brotliDecompressSync(bytes: Uint8Array, options?: object): Uint8Array
  readonly crc32?: (bytes: Uint8Array, previous: number) => number
  /** From Node 22.15 on. */
  createZstdDecompress?(options?: object): ZlibStream
}
export interface NodeHash {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}
export interface NodeCrypto {
  createHash(algorithm: string): NodeHash
  randomBytes(size: number): { toString(encoding: 'hex'): string }
}
export interface NodeUrl {
  fileURLToPath(url: URL | string): string
}
export interface NodeDns {
  readonly promises: {
    lookup(hostname: string, options: LookupOptions): Promise<{ address: string; family: number }[]>
  }
}
export interface LookupOptions {
  readonly all: true
  readonly family: 0 | 4 | 6 | 'IPv4' | 'IPv6'
}

export interface NodeBytes extends Uint8Array {
  toString(encoding?: 'latin1'): string
}
export interface NodeBuffer {
  readonly Buffer: {
    /** A view, no copy. */
    from(bytes: ArrayBufferLike, start?: number, length?: number): NodeBytes
    from(text: string): NodeBytes
    /** In UTF-8. */
    byteLength(text: string): number
    /** Not cleared; small ones share their memory with others. */
    allocUnsafe(length: number): Uint8Array
    allocUnsafeSlow(length: number): Uint8Array
  }
}

export interface NodeOs {
  hostname(): string
}

export interface NodeStream {
  /** From Node 18.17 on; Deno and Bun have it too. */
  getDefaultHighWaterMark?(objectMode: false): number
}

export interface ClientRequest {
  flushHeaders(): void
  write(chunk: Uint8Array): boolean
  end(): void
  once(event: 'drain' | 'close', listener: () => void): unknown
  off(event: 'close', listener: () => void): unknown
  on(event: 'continue', listener: () => void): unknown
  on(event: 'response', listener: (message: IncomingMessage) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}
export interface IncomingMessage {
  readonly statusCode: number
  readonly statusMessage: string
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[]
  /** The whole message has come. */
  readonly complete: boolean
  pause(): void
  resume(): void
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown
  on(event: 'close', listener: () => void): unknown
}
export interface NodeHttp {
  request(options: {
    createConnection: () => unknown
    path: string
    method: string
    headers: readonly string[]
    maxHeaderSize: number
  }): ClientRequest
}

export interface NodeModule {
  createRequire(from: string): NodeRequire
  readonly Module: new (id: string) => LoadedModule
}
export interface NodeRequire {
  (id: string): unknown
  resolve(id: string): string
  readonly cache: Partial<Record<string, LoadedModule>>
}
export interface LoadedModule {
  exports: unknown
  loaded: boolean
}

interface Builtins {
  readonly buffer: NodeBuffer
  readonly http: NodeHttp
  readonly stream: NodeStream
  readonly fs: NodeFs
  readonly path: NodePath
  readonly zlib: NodeZlib
  readonly crypto: NodeCrypto
  readonly url: NodeUrl
  readonly dns: NodeDns
  readonly os: NodeOs
  readonly module: NodeModule
}

interface Process {
  getBuiltinModule?(name: string): unknown
  emitWarning?(message: string, options: { code: string }): void
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly pid?: number
  kill?(pid: number, signal: number): unknown
}

/** Node's `process`, or what passes for it. */
export function nodeProcess(): Process | undefined {
  return Reflect.get(globalThis, 'process') as Process | undefined
}

/** The module, or undefined where the runtime has none of that name. */
export function findBuiltin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  // The interface above names the part of the module that is used, which every runtime has.
  return nodeProcess()?.getBuiltinModule?.(`node:${name}`) as Builtins[Name] | undefined
}

/** The module of a runtime that is known to have it. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const found = findBuiltin(name)
  if (found === undefined) {
    throw new TypeError(
      `This runtime has no node:${name}. Node 20.19, Deno 2.5 or Bun 1.3 is the least needed.`,
    )
  }
  return found
}
