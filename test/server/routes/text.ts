/** Text in its kinds: JSON good and bad, charsets, lines, events. */
import { BadRequest, isGone, numberOf, pause, sendBytes, sendChunks, sendJson } from '../call.ts'
import type { Call, Field, Routes } from '../call.ts'

export const textRoutes: Routes = {
  json,
  'invalid-json': (call) => sendText(call, '{"broken": ', 'application/json'),
  text,
  lines,
  events,
  ndjson,
}

const DOCUMENT = {
  title: 'Ubiquest – überall',
  numbers: [0, -1, 1.5, 1e21],
  nested: { yes: true, no: false, nothing: null },
  text: 'snow ☃, clef 𝄞, quote ", back \\ slash',
}

/** `/json?charset=utf-16le`: the same document in that encoding; `bom` puts a mark before it. */
function json(call: Call): void {
  const charset = call.params.get('charset')
  const type = call.params.get('type') ?? 'application/json'
  if (charset === null && !call.params.has('bom')) {
    sendJson(call, DOCUMENT)
    return
  }
  const bytes = encode(
    `${call.params.has('bom') ? '\ufeff' : ''}${JSON.stringify(DOCUMENT)}`,
    charset,
  )
  sendBytes(call, bytes, { fields: [['Content-Type', type]] })
}

/**
 * `/text?charset=iso-8859-1&text=…`: encoded so, and said so. `type` replaces the whole Content-Type
 * (empty: none), `hex` the bytes.
 */
function text(call: Call): void {
  const { params } = call
  const charset = params.get('charset')
  const hex = params.get('hex')
  const content = params.get('text') ?? 'Grüße aus Köln'
  const bytes = hex === null ? encode(content, charset) : Buffer.from(hex, 'hex')
  const type = params.get('type') ?? `text/plain${charset === null ? '' : `; charset=${charset}`}`
  const fields: Field[] = type === '' ? [] : [['Content-Type', type]]
  sendBytes(call, bytes, { fields })
}

/** `/lines?end=crlf&count=5&chunk=3`: cut into chunks wherever that falls, also inside `é`. */
async function lines(call: Call): Promise<void> {
  const count = numberOf(call.params.get('count'), 5, [0, 100_000])
  const chunk = numberOf(call.params.get('chunk'), 3, [1, 65536])
  const ends: Record<string, string> = { lf: '\n', crlf: '\r\n', cr: '\r' }
  const end = ends[call.params.get('end') ?? 'lf']
  if (end === undefined) throw new BadRequest('end is lf, crlf or cr')
  const numbers = Array.from({ length: count }, (_, at) => `line ${String(at + 1)} é☃`)
  const last = call.params.has('unterminated') || count === 0 ? '' : end
  const bytes = Buffer.from(numbers.join(end) + last)
  await sendChunks(call, slices(call, bytes, chunk), {
    fields: [['Content-Type', 'text/plain; charset=utf-8']],
  })
}

/** `/events?count=3&delay=0`: server-sent events. */
async function events(call: Call): Promise<void> {
  const count = numberOf(call.params.get('count'), 3, [0, 10_000])
  const delay = numberOf(call.params.get('delay'), 0, [0, 60_000])
  async function* all(): AsyncGenerator<string> {
    yield ': a comment\n\n'
    for (let at = 1; at <= count; at++) {
      if (delay > 0) await pause(call, delay)
      if (isGone(call)) return
      yield `id: ${String(at)}\nevent: tick\ndata: {"n":${String(at)}}\ndata: second line\n\n`
    }
  }
  await sendChunks(call, all(), { fields: [['Content-Type', 'text/event-stream']] })
}

/** `/ndjson?count=3`: one document per line. */
async function ndjson(call: Call): Promise<void> {
  const count = numberOf(call.params.get('count'), 3, [0, 100_000])
  function* all(): Generator<string> {
    for (let n = 1; n <= count; n++) yield `${JSON.stringify({ n, text: 'é\n☃' })}\n`
  }
  await sendChunks(call, all(), { fields: [['Content-Type', 'application/x-ndjson']] })
}

function sendText(call: Call, content: string, type: string): void {
  sendBytes(call, Buffer.from(content), { fields: [['Content-Type', type]] })
}

async function* slices(call: Call, bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length && !isGone(call); at += size) {
    yield bytes.subarray(at, at + size)
    // One turn of the loop for each, so that small chunks are not written as one.
    if (at < 100 * size) await new Promise((resolve) => setImmediate(resolve))
  }
}

function encode(content: string, charset: string | null): Buffer {
  switch ((charset ?? 'utf-8').toLowerCase()) {
    case 'utf-8':
      return Buffer.from(content)
    case 'iso-8859-1':
    case 'latin1':
    case 'windows-1252':
      return Buffer.from(content, 'latin1')
    case 'utf-16le':
      return Buffer.from(content, 'utf16le')
    case 'utf-16be':
      return Buffer.from(content, 'utf16le').swap16()
    default:
      throw new BadRequest('give the bytes of that charset as hex, and the type')
  }
}
