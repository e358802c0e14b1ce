/** Downloads into the origin private file system, and through a reload of the page. */
import { bytesEqual, equal, notEqual, ok, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { pattern } from '../harness/pattern.ts'

const SIZE = 24_000_000

export const cases: readonly Case[] = [
  {
    name: 'download: into a directory of the origin private file system, and a handle',
    needs: ['fileHandles'],
    run: async (context) => {
      const { requests, servers } = context
      const folder = await freshFolder('download-whole')
      const url = `${servers.http}/bytes/300000?seed=6`
      const result = await requests.download(url, folder, { checksum: 'SHA-256' })
      equal([result.path, result.bytes, result.etag], ['300000', 300_000, '"300000-6"'])
      equal(result.checksum?.value, await context.hash(pattern(6, 0, 300_000)))
      equal(await namesIn(folder), ['300000'])
      bytesEqual(await readFile(folder, '300000'), pattern(6, 0, 300_000))
      const handle = await folder.getFileHandle('other.bin', { create: true })
      equal((await requests.download(url, handle)).path, 'other.bin')
      bytesEqual(await readFile(folder, 'other.bin'), pattern(6, 0, 300_000))
    },
  },
  {
    name: 'download: what an aborted one left in the origin private file system is gone on with',
    needs: ['fileHandles'],
    run: async (context) => {
      const { requests, servers } = context
      const folder = await freshFolder('download-later')
      const url = `${servers.http}/bytes/3000000?seed=7`
      for (const segments of [1, 3]) {
        const filename = `later-${String(segments)}.bin`
        const controller = new AbortController()
        const first = requests.download(url, folder, {
          ...{ filename, segments, signal: controller.signal, maxRate: 2_000_000 },
          onProgress: ({ transferred }) => {
            if (transferred > 1_000_000) controller.abort(new Error('enough'))
          },
        })
        await rejects(first, Error, { message: 'enough' })
        ok((await namesIn(folder)).includes(`${filename}.part`))
        const second = await requests.download(url, folder, { filename })
        ok(second.resumedFrom >= 1_000_000 && second.resumedFrom < 3_000_000)
        bytesEqual(await readFile(folder, filename), pattern(7, 0, 3_000_000))
      }
    },
  },
  {
    name: 'download: handles of one name in two folders are two files, each with its own parts',
    needs: ['fileHandles'],
    run: async ({ requests, servers }) => {
      const url = `${servers.http}/bytes/1000000?seed=`
      const handles = await Promise.all(
        ['download-left', 'download-right'].map(async (name) => {
          return await (await freshFolder(name)).getFileHandle('same.bin', { create: true })
        }),
      )
      const fetchAll = (rate: number | null, most: number) =>
        handles.map(async (handle, at) => {
          const controller = new AbortController()
          const { signal } = controller
          const onProgress = ({ transferred }: { readonly transferred: number }): void => {
            if (transferred > most) controller.abort(new Error('enough'))
          }
          const options = { signal, onProgress, maxRate: rate }
          return await requests.download(`${url}${String(at)}`, handle, options)
        })
      for (const { status } of await Promise.allSettled(fetchAll(1_000_000, 400_000))) {
        equal(status, 'rejected')
      }
      const results = await Promise.all(fetchAll(null, Infinity))
      for (const { resumedFrom } of results) ok(resumedFrom >= 400_000 && resumedFrom < 1_000_000)
      for (const [seed, handle] of handles.entries()) {
        const file = await handle.getFile()
        bytesEqual(new Uint8Array(await file.arrayBuffer()), pattern(seed, 0, 1_000_000))
      }
      const root = await navigator.storage.getDirectory()
      equal(await namesIn(await root.getDirectoryHandle('.ubiquest-downloads')), [])
    },
  },
  {
    name: 'download: a page that is reloaded in the middle goes on where it was',
    needs: ['fileHandles'],
    run: async (context) => {
      const folder = await freshFolder('download-reload')
      const url = `${context.servers.http}/bytes/${String(SIZE)}?seed=8`
      const frame = document.createElement('iframe')
      frame.src = `/#download=${encodeURIComponent(url)}`
      const told = listen(frame)
      document.body.append(frame)
      await told.until(({ transferred }) => transferred > 10_000_000)
      // Its document, scripts and connections are gone; the new one knows nothing but its URL.
      frame.contentWindow?.location.reload()
      const end = await told.until(({ result, error }) => result !== null || error !== null)
      frame.remove()
      equal(end.error, null)
      equal(end.result?.bytes, SIZE)
      notEqual(end.result?.resumedFrom, 0)
      equal(end.result?.restarts, [])
      const file = await (await folder.getFileHandle('film.bin')).getFile()
      equal(
        await context.hash(new Uint8Array(await file.arrayBuffer())),
        await context.hash(pattern(8, 0, SIZE)),
      )
      equal(await namesIn(folder), ['film.bin'])
    },
  },
  {
    name: 'download: a second page that writes to the same file is told',
    needs: ['fileHandles'],
    run: async ({ requests, servers }) => {
      const folder = await freshFolder('download-locked')
      const url = `${servers.http}/bytes/1000000`
      const options = { filename: 'one.bin' }
      const first = requests.download(url, folder, { ...options, maxRate: 2_000_000 })
      const both = await Promise.allSettled([first, requests.download(url, folder, options)])
      equal(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
      const failed = both.find((each) => each.status === 'rejected')
      equal(Reflect.get(Object(failed?.reason), 'code'), 'FILE_LOCKED')
    },
  },
]

/** What the page in the frame tells: see `test-browser/reloaded.ts`. */
interface Told {
  readonly transferred: number
  readonly result: Awaited<ReturnType<Context['requests']['download']>> | null
  readonly error: string | null
}

function listen(frame: HTMLIFrameElement): {
  until(test: (told: Told) => boolean): Promise<Told>
} {
  let heard = (_told: Told): void => undefined
  addEventListener('message', ({ source, data }) => {
    // Posted by `test-browser/reloaded.ts`, which shares the shape.
    if (source === frame.contentWindow) heard(data as Told)
  })
  return {
    until: async (test) =>
      await new Promise((resolve) => {
        heard = (told) => {
          if (test(told) || told.error !== null) resolve(told)
        }
      }),
  }
}

async function freshFolder(name: string): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  await root.removeEntry(name, { recursive: true }).catch(() => undefined)
  return await root.getDirectoryHandle(name, { create: true })
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  // The DOM's types leave out that a directory can be iterated.
  for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) {
    names.push(name)
  }
  return names.sort()
}

async function readFile(folder: FileSystemDirectoryHandle, name: string): Promise<Uint8Array> {
  const file = await (await folder.getFileHandle(name)).getFile()
  return new Uint8Array(await file.arrayBuffer())
}
