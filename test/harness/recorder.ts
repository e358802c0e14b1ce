/** The client of the recorder and of the server's journal, for cases: needs no fetch of its own. */
import type { Servers } from './case.ts'

/** How a driver reaches the control listener; resolves with the text of the answer. */
export type Call = (
  url: string,
  options: { readonly method: string; readonly body: string | null },
) => Promise<string>

/** `control(path, body?)` of a Context. */
export type Control = (path: string, body?: unknown) => Promise<unknown>

/** What the recorder sends, piece by piece. Text goes out as UTF-8, without any change. */
export type Piece =
  | string
  | { readonly base64: string }
  /** That text `times` times. */
  | { readonly repeat: string; readonly times: number }
  /** Milliseconds of silence. */
  | { readonly delay: number }
  /** Goes on after the next `release()`. */
  | { readonly gate: true }

export interface Answer {
  /** When it starts: head there, whole request there (the default), n bytes of body there. */
  readonly after?: 'head' | 'body' | `bytes:${number}`
  readonly send?: Piece | readonly Piece[]
  /** What becomes of the connection; `keep` unless said otherwise. `hang`: never answers again. */
  readonly then?: 'keep' | 'end' | 'reset' | 'hang'
}

export interface Script {
  /** Consumed in order; without any, each request is answered `200 ok`. */
  readonly answers?: readonly Answer[]
  /** Nothing is added to the answers; otherwise CORS fields are, for requests with an Origin. */
  readonly verbatim?: boolean
}

export interface RecordedRequest {
  /** Request line and fields as received, one character per byte, without the empty line. */
  readonly head: string
  readonly headBase64: string
  /** The body as it was framed: chunked is not decoded. At most 8 MiB are kept. */
  readonly bodyBase64: string
  /** The body without its framing, at most 8 MiB. */
  readonly contentBase64: string
  readonly contentLength: number
  readonly contentSha256: string
  readonly framing: 'none' | 'length' | 'chunked'
  readonly connection: number
  readonly complete: boolean
  /** Who ended the connection: `end` and `reset` are the client's, `server` the recorder's. */
  readonly closed: 'open' | 'end' | 'reset' | 'server'
}

export interface Recording {
  /** Put a path or query behind it as you like: it stays the same script. */
  readonly url: string
  /** The same script over TLS; the certificate is signed by `servers.ca`. */
  readonly tlsUrl: string
  /** What has been received, after waiting (10 s at most) for these numbers of requests. */
  requests(wait?: {
    readonly complete?: number
    readonly heads?: number
    readonly closed?: number
  }): Promise<RecordedRequest[]>
  /** Opens the next gate. */
  release(): Promise<void>
}

export interface RecorderClient {
  /** Registers a script and gives the URL that plays it. */
  play(script?: Script): Promise<Recording>
}

export function createControl(servers: Servers, call: Call): Control {
  return async (path, body) => {
    const text = await call(servers.control + path, {
      method: body === undefined ? 'GET' : 'POST',
      body: body === undefined ? null : JSON.stringify(body),
    })
    const answer: unknown = JSON.parse(text)
    return answer
  }
}

export function createRecorder(control: Control): RecorderClient {
  return {
    async play(script = {}) {
      // The recorder's own answers, whose shape test/unit/server/recorder.test.ts holds.
      const made = (await control('/record', script)) as Record<'id' | 'url' | 'tlsUrl', string>
      const { id, url, tlsUrl } = made
      return {
        url,
        tlsUrl,
        async requests({ complete = 0, heads = 0, closed = 0 } = {}) {
          const query = `wait=${String(complete)}&heads=${String(heads)}&closed=${String(closed)}`
          const answer = await control(`/record/${id}?${query}`)
          const { requests, timedOut } = answer as {
            requests: RecordedRequest[]
            timedOut: boolean
          }
          if (timedOut) throw new Error(waitedInVain(query, requests))
          return requests
        },
        async release() {
          await control(`/record/${id}/release`, {})
        },
      }
    },
  }
}

/** A whole answer with Content-Length, as text. */
export function httpAnswer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = new TextEncoder().encode(body).length
  return `HTTP/1.1 ${String(status)} Scripted\r\n${fields.join('')}Content-Length: ${String(length)}\r\n\r\n${body}`
}

/** The fields of a recorded head, in order, names as they were spelt. */
export function headFields(head: string): [name: string, value: string][] {
  return head
    .split('\r\n')
    .slice(1)
    .map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    })
}

/** All values of one field, whatever its case. */
export function headValues(head: string, name: string): string[] {
  const lower = name.toLowerCase()
  return headFields(head)
    .filter((field) => field[0].toLowerCase() === lower)
    .map((field) => field[1])
}

/** A tag for `?tag=`: the journal keeps the requests and events of one case apart. */
export function newTag(): string {
  return `t${Math.random().toString(36).slice(2, 12)}`
}

function waitedInVain(query: string, requests: readonly RecordedRequest[]): string {
  const seen = requests.map(
    ({ head, complete, closed }) =>
      `${head.split('\r\n', 1)[0] ?? ''} (${complete ? 'complete' : 'incomplete'}, ${closed})`,
  )
  return `The recorder waited in vain for ${query}; it has seen: ${seen.join('; ') || 'nothing'}.`
}
