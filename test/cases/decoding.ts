/** Content codings: the same text on every runtime, and no silence about broken ones. */
import { equal, match, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'

const TEXT = 'Ubiquest – überall. '.repeat(100)

export const cases: readonly Case[] = [
  {
    name: 'decoding: gzip and deflate in zlib form are decoded everywhere',
    run: async ({ requests, servers }) => {
      for (const coding of ['gzip', 'deflate']) {
        const response = await requests.get(`${servers.http}/${coding}`)
        equal((await response.json<{ text: string }>()).text, TEXT, coding)
      }
    },
  },
  {
    name: 'decoding: br, raw deflate and stacked codings are decoded on server runtimes',
    needs: ['rawBody'],
    run: async ({ requests, servers }) => {
      for (const path of [
        'br',
        'deflate-raw',
        'stacked',
        'coded/gzip,deflate,br',
        'gzip?header=X-GZip',
      ]) {
        const response = await requests.get(`${servers.http}/${path}`)
        equal((await response.json<{ text: string }>()).text, TEXT, path)
      }
    },
  },
  {
    name: 'decoding: a streamed body is decoded as it comes',
    run: async ({ requests, servers, hash }) => {
      const response = await requests.get(`${servers.http}/gzip?size=1000000`, { stream: true })
      let length = 0
      for await (const chunk of response) length += chunk.length
      equal(length, 1_000_000)
      equal(typeof hash, 'function')
    },
  },
  {
    name: 'decoding: a cut or corrupt coding is a ContentDecodingError',
    needs: ['rawBody'],
    run: async ({ requests, servers }) => {
      for (const path of ['gzip-cut', 'gzip-corrupt']) {
        await rejects(
          requests.get(`${servers.http}/${path}`),
          requests.errors.ContentDecodingError,
          { code: 'CONTENT_DECODING' },
        )
      }
    },
  },
  {
    name: 'decoding: Zstandard of several frames is read to its end, where it is read at all',
    needs: ['rawBody'],
    run: async ({ requests, recorder }) => {
      const { ContentDecodingError, UnsupportedError } = requests.errors
      const frames = [...zstdFrame('one '), ...zstdFrame('two')]
      const answers = [frames, [...frames, 1, 2, 3, 4, 5]].map((bytes) => ({
        send: [
          `HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: ${String(bytes.length)}\r\n\r\n`,
          { base64: btoa(String.fromCharCode(...bytes)) },
        ],
      }))
      const { url } = await recorder.play({ answers })
      const outcome = await requests.get(url).catch((error: unknown) => error)
      if (outcome instanceof UnsupportedError) return
      equal(await (outcome as Awaited<ReturnType<typeof requests.get>>).text(), 'one two')
      await rejects(requests.get(url), ContentDecodingError)
    },
  },
  {
    name: 'decoding: decompress false and raw give the coded bytes',
    needs: ['rawBody'],
    run: async ({ requests, servers }) => {
      const coded = await requests.get(`${servers.http}/gzip`, { decompress: false })
      equal([...coded.content.slice(0, 3)], [0x1f, 0x8b, 8])
      const streamed = await requests.get(`${servers.http}/gzip`, { stream: true })
      const { raw } = streamed
      equal([...(await raw.read(2))], [0x1f, 0x8b])
      equal((await raw.read()).length, coded.content.length - 2)
      equal((await raw.read(10)).length, 0)
    },
  },
  {
    name: 'decoding: a bomb is stopped',
    needs: ['rawBody'],
    run: async ({ requests, servers }) => {
      const error = await rejects(
        requests.get(`${servers.http}/gzip?size=50000000&fill=zero`),
        requests.errors.BodyTooLargeError,
      )
      match(error.message, /\d/)
    },
  },
  {
    name: 'decoding: the headers of a coded answer stay as they came',
    needs: ['rawBody'],
    run: async ({ requests, servers }) => {
      const response = await requests.get(`${servers.http}/gzip`)
      equal(response.headers.get('content-encoding'), 'gzip')
    },
  },
]

/** RFC 8878 §3.1.1: of a single segment, with one raw block. */
function zstdFrame(text: string): number[] {
  const content = Array.from(text, (character) => character.charCodeAt(0))
  const { length } = content
  return [0x28, 0xb5, 0x2f, 0xfd, 0x20, length, (length << 3) | 1, 0, 0, ...content]
}
