/** The body of a request, read once: counted and hashed whatever its size, kept when small. */
import { createHash } from 'node:crypto'
import { Http2ServerRequest } from 'node:http2'
import type { Call } from './call.ts'

export interface RequestBody {
  readonly length: number
  /** Lower-case hex. */
  readonly sha256: string
  /** Null when there was more than is kept. */
  readonly bytes: Buffer | null
}

const KEPT_BYTES = 1024 * 1024

/** Rejects when the client goes away before the end. */
export async function readBody(call: Call, keptBytes: number = KEPT_BYTES): Promise<RequestBody> {
  const { connection, url, journal, tag } = call
  const path = url.pathname
  try {
    const body = await readWhole(call, keptBytes)
    journal.add(tag, { event: 'body', path, connection, bytes: body.length })
    return body
  } catch (error) {
    journal.add(tag, { event: 'cut', path, connection })
    throw error
  }
}

async function readWhole(call: Call, keptBytes: number): Promise<RequestBody> {
  const hash = createHash('sha256')
  const chunks: Buffer[] = []
  const isWhole = watchEnd(call)
  let length = 0
  // A request without an encoding set gives buffers.
  for await (const chunk of call.request as AsyncIterable<Buffer>) {
    hash.update(chunk)
    length += chunk.length
    if (length <= keptBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  if (!isWhole()) throw new Error('The request was cut.')
  return {
    length,
    sha256: hash.digest('hex'),
    bytes: length <= keptBytes ? Buffer.concat(chunks) : null,
  }
}

/** Node gives the body of a request that was reset over HTTP/2 an end like any other. */
function watchEnd({ request }: Call): () => boolean {
  if (!(request instanceof Http2ServerRequest)) return () => true
  const { stream } = request
  let whole = false
  stream.once('end', () => (whole = !stream.aborted))
  return () => whole
}
