/** Resumable downloads: to paths where there are some, and to sinks everywhere. */
import { bytesEqual, equal, ok, present, rejects } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { pattern } from '../harness/pattern.ts'

const SIZE = 3_000_000
const FAST = { backoff: 0 }

export const cases: readonly Case[] = [
  {
    name: 'download: a file comes whole under its name, with nothing beside it',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers } = context
      const temp = needTemp(context)
      const checksum = { algorithm: 'SHA-256', value: await context.hash(pattern(1, 0, SIZE)) }
      const result = await requests.download(
        `${servers.http}/bytes/${String(SIZE)}?seed=1`,
        temp.path('whole.bin'),
        { checksum },
      )
      equal([result.bytes, result.resumedFrom, result.segments], [SIZE, 0, 1])
      equal([result.etag, result.checksum], [`"${String(SIZE)}-1"`, checksum])
      equal(result.restarts, [])
      bytesEqual(await temp.read(result.path), pattern(1, 0, SIZE))
      equal(await temp.list(), ['whole.bin'])
    },
  },
  {
    name: 'download: a body that breaks off again and again is put together from its parts',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers } = context
      const temp = needTemp(context)
      // Every answer breaks off after that many bytes.
      const url = `${servers.http}/bytes/${String(SIZE)}?seed=2&cut=700000`
      const result = await requests.download(url, temp.path('cut.bin'), FAST)
      equal([result.bytes, result.restarts], [SIZE, []])
      bytesEqual(await temp.read(result.path), pattern(2, 0, SIZE))
    },
  },
  {
    name: 'download: a later call goes on where an aborted one stopped',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers } = context
      const temp = needTemp(context)
      const url = `${servers.http}/bytes/${String(SIZE)}?seed=3`
      const controller = new AbortController()
      const reason = new Error('enough')
      const first = requests.download(url, temp.path('later.bin'), {
        signal: controller.signal,
        maxRate: 1_000_000,
        onProgress: ({ transferred }) => {
          if (transferred > 200_000) controller.abort(reason)
        },
      })
      await rejects(first, Error, { message: 'enough' })
      equal(await temp.list(), ['later.bin.part', 'later.bin.part.json'])
      const second = await requests.download(url, temp.path('later.bin'))
      ok(second.resumedFrom > 200_000 && second.resumedFrom < SIZE, 'something was resumed')
      bytesEqual(await temp.read(second.path), pattern(3, 0, SIZE))
      equal(await temp.list(), ['later.bin'])
    },
  },
  {
    name: 'download: segments fetch at once, and one does where the server has no ranges',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers } = context
      const temp = needTemp(context)
      const size = 12_000_000
      for (const [more, segments] of [
        ['', 4],
        ['&no-range', 1],
      ] as const) {
        const url = `${servers.http}/bytes/${String(size)}?seed=4${more}`
        const result = await requests.download(url, temp.path('split.bin'), { segments: 4 })
        equal(result.segments, segments)
        bytesEqual(await temp.read(result.path), pattern(4, 0, size))
      }
    },
  },
  {
    name: 'download: two to one target: the second is told at once, or waits',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers } = context
      const path = needTemp(context).path('one.bin')
      const url = `${servers.http}/bytes/${String(SIZE)}`
      const first = requests.download(url, path, { maxRate: 2_000_000 })
      while (!(await needTemp(context).list()).includes('one.bin.part')) await turn(context)
      await rejects(requests.download(url, path), requests.errors.RequestError, {
        code: 'FILE_LOCKED',
      })
      const waiting = requests.download(url, path, { onLocked: 'wait' })
      equal([(await first).bytes, (await waiting).bytes], [SIZE, SIZE])
    },
  },
  {
    name: 'download: a lying 206 is never appended',
    needs: ['paths'],
    run: async (context) => {
      const { requests, recorder } = context
      const temp = needTemp(context)
      const lies = [
        'Content-Range: bytes 4-8/10\r\nContent-Length: 5\r\nETag: "v"',
        'Content-Range: bytes 5-9/11\r\nContent-Length: 5\r\nETag: "v"',
        'Content-Range: bytes 5-9/10\r\nContent-Length: 5\r\nETag: "w"',
        'Content-Range: bytes 5-9/10\r\nContent-Length: 5',
        'Content-Length: 5\r\nETag: "v"',
        'Content-Type: multipart/byteranges; boundary=x\r\nContent-Length: 5\r\nETag: "v"',
      ]
      for (const lie of lies) {
        const script = await recorder.play({
          answers: [
            {
              send: 'HTTP/1.1 200 OK\r\nETag: "v"\r\nContent-Length: 10\r\n\r\n01234',
              then: 'end',
            },
            { send: `HTTP/1.1 206 Partial Content\r\n${lie}\r\n\r\nxxxxx` },
            {
              send: 'HTTP/1.1 200 OK\r\nETag: "v"\r\nContent-Length: 10\r\n\r\n0123456789',
            },
          ],
        })
        const result = await requests.download(script.url, temp.path('lie.bin'), FAST)
        equal(result.restarts.length, 1, lie)
        equal(new TextDecoder().decode(await temp.read(result.path)), '0123456789', lie)
      }
    },
  },
  {
    name: 'download: a directory that does not exist is one clear error',
    needs: ['paths'],
    run: async (context) => {
      const { requests, servers } = context
      const path = needTemp(context).path('missing/file.bin')
      await rejects(
        requests.download(`${servers.http}/bytes/10`, path),
        requests.errors.RequestError,
        { code: 'FILE_NOT_FOUND', message: /missing.file\.bin/ },
      )
    },
  },
  {
    name: 'download: a sink takes the bytes in order, over broken connections',
    run: async ({ requests, servers }) => {
      const chunks: Uint8Array[] = []
      const sink = {
        write: async (bytes: Uint8Array) => void chunks.push(bytes.slice()),
        commit: async () => 'sunk',
        discard: async () => undefined,
      }
      const result = await requests.download(`${servers.http}/bytes/300000?seed=5`, sink, {
        checksum: 'SHA-256',
      })
      equal([result.path, result.bytes], ['sunk', 300_000])
      equal(result.checksum?.value.length, 64)
      bytesEqual(join(chunks), pattern(5, 0, 300_000))
    },
  },
  {
    name: 'download: a sink of which nothing was wanted is discarded when the download fails',
    run: async ({ requests, servers }) => {
      const happened: string[] = []
      const sink = {
        write: async () => void happened.push('write'),
        commit: async () => 'sunk',
        discard: async () => void happened.push('discard'),
      }
      const job = requests.download(`${servers.http}/status/404`, sink)
      await rejects(job, requests.errors.HTTPError)
      equal(happened, ['discard'])
    },
  },
  {
    name: 'download: an unknown algorithm that is demanded is an UnsupportedError, and nothing is sent',
    run: async ({ requests, servers }) => {
      const sink = {
        write: async () => undefined,
        commit: async () => '',
        discard: async () => undefined,
      }
      const checksum = { algorithm: 'CRC-9', value: '00' }
      await rejects(
        requests.download(servers.refused, sink, { checksum }),
        requests.errors.UnsupportedError,
      )
    },
  },
  {
    name: 'download: where there are no paths, a path is an UnsupportedError',
    run: async ({ requests, servers, capabilities }) => {
      if (capabilities.paths) return
      const job = requests.download(`${servers.http}/bytes/10`, '/tmp/x.bin')
      await rejects(job, requests.errors.UnsupportedError)
    },
  },
]

function needTemp({ temp }: Context): NonNullable<Context['temp']> {
  present(temp, 'the target has a folder for files')
  return temp
}

/** A round trip to the server: time passes, and nobody sleeps. */
async function turn({ requests, servers }: Context): Promise<void> {
  await requests.get(`${servers.http}/bytes/1`)
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
