/** Uploads: parsed by an independent parser, refused early, or never read. */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import busboy from 'busboy'
import { BadRequest, breakOff, isGone, pause, sendHead, sendJson } from '../call.ts'
import type { Call, Field, Routes } from '../call.ts'
import { unreadBytes } from '../kernel.ts'
import { readBody } from '../request-body.ts'
import { released } from './slow.ts'

export const uploadRoutes: Routes = { parse, 'early-413': early413, 'never-read': neverRead }

/** One part of a form, in the order of the body. */
interface Part {
  readonly name: string
  readonly filename: string | null
  readonly type: string
  readonly encoding: string
  size: number
  sha256: string
  /** The text of a plain field; null for files. */
  value: string | null
}

const LONGEST_MS = 120_000
const QUIET_MS = 250

/** `/parse`: `{parts, type, framing}` of a multipart or urlencoded form. */
async function parse(call: Call): Promise<void> {
  const { headers } = call.request
  const framing = {
    contentLength: headers['content-length'] ?? null,
    transferEncoding: headers['transfer-encoding'] ?? null,
  }
  const parts = await parseForm(call)
  sendJson(call, { parts, type: headers['content-type'] ?? null, framing })
}

/**
 * `/early-413`: answers at once, then drops what still comes for two seconds at most and closes, so
 * that the answer is not lost to a reset; with `abrupt` it closes without reading.
 */
async function early413(call: Call): Promise<void> {
  const text = 'too large'
  const fields: Field[] = [
    ['Content-Type', 'text/plain'],
    ['Content-Length', String(text.length)],
  ]
  if (call.request.httpVersionMajor === 1) fields.push(['Connection', 'close'])
  sendHead(call, 413, fields)
  if (!call.params.has('abrupt')) {
    // The client has the whole answer by its length; Node closes at `end`.
    call.response.write(text)
    const ended = new Promise<void>((resolve) => call.request.once('end', resolve))
    call.request.resume()
    await Promise.race([ended, pause(call, 2000)])
    call.response.end()
    return
  }
  call.response.end(text)
}

/**
 * `/never-read?tag=…`: takes nothing of the body until it is released; then reads it and says how
 * much there was. When an upload has stopped growing, the journal has `stalled` with the number of
 * bytes that have come as far as this machine's kernel.
 */
async function neverRead(call: Call): Promise<void> {
  call.request.pause()
  const watching = watchUpload(call)
  const goOn = await released(call)
  await watching
  if (!goOn) {
    breakOff(call)
    return
  }
  const { length, sha256 } = await readBody(call)
  sendJson(call, { bodyLength: length, bodySha256: sha256 })
}

async function watchUpload(call: Call): Promise<void> {
  const { socket } = call.request
  const deadline = Date.now() + LONGEST_MS
  let [last, quietSince] = [-1, Date.now()]
  while (Date.now() < deadline && !isGone(call)) {
    const bytes = socket.bytesRead + (await unreadBytes(socket))
    if (bytes !== last) [last, quietSince] = [bytes, Date.now()]
    if (Date.now() - quietSince >= QUIET_MS) break
    await pause(call, 50)
  }
  const { journal, tag, url, connection } = call
  journal.add(tag, { event: 'stalled', path: url.pathname, connection, bytes: last })
}

async function parseForm(call: Call): Promise<Part[]> {
  const parts: Part[] = []
  const parser = makeParser(call)
  parser.on('field', (name, value, { mimeType, encoding }) => {
    const sha256 = createHash('sha256').update(value).digest('hex')
    const size = Buffer.byteLength(value)
    parts.push({ name, filename: null, type: mimeType, encoding, size, sha256, value })
  })
  parser.on('file', (name, content, { filename, encoding, mimeType }) => {
    // busboy gives undefined for a part that is a file by its type alone.
    const given: string | undefined = filename
    const known = { name, filename: given ?? null, type: mimeType, encoding }
    const part: Part = { ...known, size: 0, sha256: '', value: null }
    parts.push(part)
    measure(content, part)
  })
  await new Promise<void>((resolve, reject) => {
    parser.once('close', resolve)
    parser.once('error', (error: unknown) => {
      reject(new BadRequest(error instanceof Error ? error.message : String(error)))
    })
    call.response.once('close', () => {
      reject(new BadRequest('the client went away'))
    })
    call.request.pipe(parser)
  })
  return parts
}

function makeParser(call: Call): busboy.Busboy {
  try {
    return busboy({
      headers: call.request.headers,
      preservePath: true,
      defParamCharset: 'utf8',
      limits: { fieldSize: 1024 * 1024, fields: 20_000, files: 20_000, parts: 40_000 },
    })
  } catch (error) {
    throw new BadRequest(error instanceof Error ? error.message : String(error))
  }
}

function measure(content: Readable, part: Part): void {
  const hash = createHash('sha256')
  content.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    part.size += chunk.length
  })
  content.once('end', () => {
    part.sha256 = hash.digest('hex')
  })
  content.on('error', () => undefined)
}
