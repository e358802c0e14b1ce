/**
 * A body as a sequence of documents (layer 2): server-sent events and newline-delimited JSON, what
 * language models stream. One record may not grow without end.
 */
import type * as EventParser from 'eventsource-parser'
import { BodyTooLargeError, JSONDecodeError } from './errors.ts'
import { aboutFault } from './json-fault.ts'
import type { ByteReader } from './ports.ts'
import { iterateLines, iterateText } from './response-iterate.ts'

export interface ServerSentEvent {
  /** The type; `message` where the server names none. */
  readonly event: string
  readonly data: string
  /** The last id seen, on this event or before; empty when there was none. */
  readonly id: string
  /** Milliseconds to wait before connecting again, as last told; null when the server tells none. */
  readonly retry: number | null
}

export interface RecordOptions {
  /** Characters one record may have; beyond it, `BodyTooLargeError`. 16 Mi unless told. */
  readonly maxLength?: number | undefined
}

/** An image as Base64 fits in; a line without end does not. */
const MAX_LENGTH = 16 * 1024 * 1024

/** As HTML §9.2 parses them: always UTF-8, an event without its blank line at the end is dropped. */
export async function* iterateEvents(
  reader: ByteReader,
  { maxLength = MAX_LENGTH }: RecordOptions = {},
): AsyncGenerator<ServerSentEvent, void> {
  const { createParser } = await loadParser(reader)
  const events: ServerSentEvent[] = []
  let lastId = ''
  let retry: number | null = null
  let tooLong = false
  const parser = createParser({
    maxBufferSize: maxLength,
    onEvent: ({ event = 'message', data: marked, id = lastId }) => {
      lastId = id
      // There was no data but the mark.
      if (marked === '') return
      const data = marked.slice(0, -1)
      tooLong ||= data.length > maxLength
      events.push({ event, data, id, retry })
    },
    onRetry: (milliseconds) => {
      retry = milliseconds
    },
    onError: ({ type }) => {
      tooLong ||= type === 'max-buffer-size-exceeded'
    },
  })
  for await (const text of markEnds(unixLineEnds(iterateText(reader, 'utf-8')))) {
    parser.feed(text)
    if (tooLong) throw eventTooLarge(maxLength)
    yield* events.splice(0)
  }
}

/** One JSON document per line; empty lines are skipped. @throws JSONDecodeError */
export async function* iterateJSON<T>(
  reader: ByteReader,
  { maxLength = MAX_LENGTH }: RecordOptions = {},
): AsyncGenerator<T, void> {
  let number = 0
  // Only LF ends a line: CR is white space in JSON. The format is UTF-8 by definition.
  for await (const line of iterateLines(reader, 'utf-8', { ends: 'lf', maxLength })) {
    number += 1
    // The caller names the type; nothing here can check it.
    if (line.trim() !== '') yield parseLine(line, number) as T
  }
}

/** Loaded when it is first wanted: most programs never see an event. */
async function loadParser(reader: ByteReader): Promise<typeof EventParser> {
  try {
    return await import('eventsource-parser')
  } catch (error) {
    reader.cancel(error)
    throw error
  }
}

/** With LF alone, the parser takes its linear way; mixed ends cost it the square of a chunk. */
async function* unixLineEnds(texts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let afterReturn = false
  for await (const text of texts) {
    const rest = afterReturn && text.startsWith('\n') ? text.slice(1) : text
    afterReturn = text.endsWith('\r')
    if (rest !== '') yield rest.replace(/\r\n?/g, '\n')
  }
}

/** An empty line of data before each blank one, which is one line end more at the end of the data: the
 *  parser forgets the id of a block that has no data, while HTML keeps it for the events to come. */
async function* markEnds(texts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let afterEnd = true
  for await (const text of texts) {
    const marked = text.replace(/\n(?=\n)/g, '\ndata\n')
    yield afterEnd && text.startsWith('\n') ? `data\n${marked}` : marked
    afterEnd = text.endsWith('\n')
  }
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch (fault) {
    throw new JSONDecodeError(`Line ${String(number)} is not JSON: ${aboutFault(line, fault)}.`)
  }
}

function eventTooLarge(maxLength: number): BodyTooLargeError {
  return new BodyTooLargeError(
    `An event has more than ${String(maxLength)} characters, the limit set by maxLength.`,
    { code: 'RECORD_TOO_LARGE' },
  )
}
