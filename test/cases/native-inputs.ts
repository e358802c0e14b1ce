/** Bodies that only one runtime has: its own files, streams and stores. */
import type { ContentInput, StreamHolder } from '../../src/types.ts'
import { equal, ok, present, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { readEcho } from './echo.ts'
import { readParts } from './parts.ts'

const SIZE = 300_000

export const cases: readonly Case[] = [
  {
    name: "uploads: the runtime's own files, streams and stores are bodies",
    run: async (context) => {
      const { requests, servers, hash, runtime } = context
      const expected = await hash(content())
      const inputs = await nativeInputs(context)
      ok(inputs.length > 0, `${runtime} has something of its own`)
      for (const { name, open, length, close } of inputs) {
        const echo = await readEcho(
          await requests.post(`${servers.http}/echo`, { data: await open() }),
        )
        equal(echo.bodySha256, expected, name)
        const contentLength = length === null ? null : String(length)
        equal(echo.framing.contentLength, contentLength, name)
        await close?.()
      }
    },
  },
  {
    name: "uploads: the runtime's own files, streams and stores are parts",
    run: async (context) => {
      const { requests, servers, hash } = context
      const expected = await hash(content())
      for (const { name, open, close } of await nativeInputs(context)) {
        const part = await open()
        const { files } = await readParts(
          await requests.post(`${servers.http}/parse`, { files: { part: ['part.bin', part] } }),
        )
        equal(
          files.map(({ filename, size, sha256 }) => [filename, size, sha256]),
          [['part.bin', SIZE, expected]],
          name,
        )
        await close?.()
      }
    },
  },
  {
    name: 'uploads: a file stream that fails rejects with its error, one never sent is closed',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers, temp } = context
      const fs: typeof import('node:fs') = await load('node:fs')
      const url = `${servers.http}/echo`
      const missing = (): ContentInput => fs.createReadStream(temp?.path('missing') ?? '')
      await rejects(requests.post(url, { data: missing() }), Error, { message: /ENOENT/ })
      const parts = { first: 'a part before it', part: missing() }
      await rejects(requests.post(url, { files: parts }), Error, { message: /ENOENT/ })
      const path = await writeContent(context)
      const streams = [0, 1].map(() => fs.createReadStream(path))
      const closed = streams.map(async (stream) => {
        await new Promise<void>((resolve) => stream.once('close', () => resolve()))
      })
      const [whole, part] = streams
      await rejects(
        requests.post(servers.refused, { data: whole as ContentInput }),
        requests.errors.ConnectionError,
      )
      const files = { part: part as ContentInput, none: requests.file(`${path}.none`) }
      await rejects(requests.post(url, { files }), requests.errors.RequestError)
      await Promise.all(closed)
    },
  },
]

interface NativeInput {
  readonly name: string
  readonly open: () => ContentInput | Promise<ContentInput>
  /** Of the body, when the runtime tells. */
  readonly length: number | null
  readonly close?: () => Promise<void>
}

type Tested = (context: Context) => NativeInput[] | Promise<NativeInput[]>

/** By the names of `context.runtime`. */
const INPUTS: Readonly<Record<string, Tested>> = {
  node: nodeInputs,
  deno: denoInputs,
  bun: bunInputs,
  workerd: workerdInputs,
  browser: browserInputs,
  // An engine without streams and files has nothing but memory.
  ponyfill: () => [{ name: 'ArrayBuffer', open: () => content().buffer, length: SIZE }],
}

async function nativeInputs(context: Context): Promise<NativeInput[]> {
  const list = INPUTS[context.runtime]
  present(list)
  return await list(context)
}

async function nodeInputs(context: Context): Promise<NativeInput[]> {
  const path = await writeContent(context)
  const fs: typeof import('node:fs') = await load('node:fs')
  const { Readable }: typeof import('node:stream') = await load('node:stream')
  const handles: { close(): Promise<void> }[] = []
  return [
    { name: 'createReadStream', open: () => fs.createReadStream(path), length: null },
    { name: 'Readable', open: () => Readable.from([content()]), length: null },
    { name: 'openAsBlob', open: () => fs.openAsBlob(path), length: SIZE },
    {
      name: 'FileHandle',
      open: async () => {
        const handle = await fs.promises.open(path)
        handles.push(handle)
        return handle
      },
      length: null,
      close: async () => {
        await handles.pop()?.close()
      },
    },
  ]
}

interface DenoFile {
  readonly readable: ReadableStream<Uint8Array>
}

async function denoInputs(context: Context): Promise<NativeInput[]> {
  const path = await writeContent(context)
  const { open, openSync } = Reflect.get(globalThis, 'Deno') as {
    open(path: string): Promise<DenoFile>
    openSync(path: string): DenoFile
  }
  return [
    { name: 'Deno.FsFile', open: () => open(path), length: null },
    { name: 'its readable', open: () => openSync(path).readable, length: null },
  ]
}

async function bunInputs(context: Context): Promise<NativeInput[]> {
  const path = await writeContent(context)
  const { file } = Reflect.get(globalThis, 'Bun') as {
    file(path: string): Blob
  }
  return [
    { name: 'Bun.file', open: () => file(path), length: SIZE },
    { name: 'its slice', open: () => file(path).slice(0), length: SIZE },
    { name: 'its stream', open: () => file(path).stream(), length: null },
  ]
}

async function workerdInputs(): Promise<NativeInput[]> {
  const { env }: { env: WorkerdEnv } = await load('cloudflare:workers')
  const { FixedLengthStream } = globalThis as unknown as {
    FixedLengthStream: new (length: number) => TransformStream<Uint8Array, Uint8Array>
  }
  return [
    { name: 'an R2 object', open: () => env.R2.get('object'), length: SIZE },
    { name: 'a KV stream', open: () => env.KV.get('key', 'stream'), length: null },
    { name: 'a KV buffer', open: () => env.KV.get('key', 'arrayBuffer'), length: SIZE },
    {
      name: 'FixedLengthStream',
      open: () => {
        const { readable, writable } = new FixedLengthStream(SIZE)
        const writer = writable.getWriter()
        writer.write(content()).catch(() => undefined)
        writer.close().catch(() => undefined)
        return readable
      },
      length: null,
    },
  ]
}

interface WorkerdEnv {
  readonly R2: { get(key: string): Promise<StreamHolder> }
  readonly KV: { get(key: string, type: string): Promise<ContentInput> }
}

async function browserInputs({ requests }: Context): Promise<NativeInput[]> {
  const file = new File([content()], 'content.bin')
  const slice = requests.file(file, { start: 0, end: SIZE })
  const inputs: NativeInput[] = [
    { name: 'File', open: () => file, length: SIZE },
    { name: 'file(File)', open: () => slice, length: SIZE },
  ]
  const handle = await privateFile()
  if (handle !== null) {
    inputs.push({ name: 'FileSystemFileHandle', open: () => requests.file(handle), length: SIZE })
  }
  return inputs
}

/** Null where the engine has no private file system that a page can write to. */
async function privateFile(): Promise<FileSystemFileHandle | null> {
  try {
    const root = await navigator.storage.getDirectory()
    const handle = await root.getFileHandle('native-inputs.bin', { create: true })
    const writable = await handle.createWritable()
    await writable.write(content())
    await writable.close()
    return handle
  } catch {
    // WebKitGTK has none.
    return null
  }
}

function content(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: SIZE }, (_, index) => index % 251)
}

async function writeContent({ temp }: Context): Promise<string> {
  present(temp)
  return await temp.file('content.bin', content())
}

/** Not a literal, so that the bundles of the other runtimes do not look for it. */
async function load<Module>(name: string): Promise<Module> {
  return (await import(name)) as Module
}
