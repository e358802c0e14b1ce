/** One script of the recorder: what it will answer, what it has received. */
import type { Answer, Piece, RecordedRequest, Script } from '../harness/recorder.ts'
import { BadRequest } from './call.ts'
import type { RequestParser } from './request-parser.ts'
import { Waiting } from './waiting.ts'

/** One request under way or done. */
export interface Recorded {
  readonly parser: RequestParser
  readonly connection: number
  closed: RecordedRequest['closed']
}

export class PlayedScript {
  readonly verbatim: boolean
  readonly recorded: Recorded[] = []
  readonly #answers: readonly Answer[]
  readonly #waiting = new Waiting()
  #played = 0
  #releases = 0
  #gates = 0

  constructor(script: Script) {
    this.verbatim = script.verbatim ?? false
    this.#answers = script.answers ?? []
  }

  /** The answer to the next request: `200 ok` from an empty script, 500 from one that is over. */
  nextAnswer(): Answer {
    if (this.#answers.length === 0) return { send: plainAnswer('200 OK', 'ok') }
    const answer = this.#answers[this.#played]
    this.#played += 1
    return answer ?? { send: plainAnswer('500 Script Is Over', 'the script has no more answers') }
  }

  release(): void {
    this.#releases += 1
    this.changed()
  }

  /** Resolves when this gate's turn has come; gates open in the order they are reached. */
  async passGate(gone: () => boolean, limitMs: number): Promise<void> {
    const turn = ++this.#gates
    await this.#waiting.until(() => this.#releases >= turn || gone(), limitMs)
  }

  changed(): void {
    this.#waiting.notify()
  }

  async until(
    { wait, heads, closed }: Readonly<Record<'wait' | 'heads' | 'closed', number>>,
    limitMs: number,
  ): Promise<boolean> {
    const count = (test: (recorded: Recorded) => boolean): number =>
      this.recorded.filter(test).length
    return this.#waiting.until(
      () =>
        count(({ parser }) => parser.complete) >= wait &&
        count(({ parser }) => parser.headComplete) >= heads &&
        count((recorded) => recorded.closed !== 'open') >= closed,
      limitMs,
    )
  }

  describe(): RecordedRequest[] {
    return this.recorded.map(({ parser, connection, closed }) => ({
      ...parser.describe(),
      connection,
      closed,
    }))
  }
}

/** Looks at what came as JSON, so that a mistake in a case is named at once. */
export function readScript(value: unknown): Script {
  if (typeof value !== 'object' || value === null) throw new BadRequest('a script is an object')
  const answers: unknown = Reflect.get(value, 'answers') ?? []
  if (!Array.isArray(answers)) throw new BadRequest('answers is a list')
  return {
    answers: answers.map(readAnswer),
    verbatim: Reflect.get(value, 'verbatim') === true,
  }
}

function readAnswer(value: unknown): Answer {
  if (typeof value !== 'object' || value === null) throw new BadRequest('an answer is an object')
  const after: unknown = Reflect.get(value, 'after') ?? 'body'
  const then: unknown = Reflect.get(value, 'then') ?? 'keep'
  const send: unknown = Reflect.get(value, 'send') ?? []
  if (typeof after !== 'string' || !/^(?:head|body|bytes:\d+)$/.test(after))
    throw new BadRequest(`after is head, body or bytes:n, not ${String(after)}`)
  if (typeof then !== 'string' || !/^(?:keep|end|reset|hang)$/.test(then))
    throw new BadRequest(`then is keep, end, reset or hang, not ${String(then)}`)
  const pieces: unknown[] = Array.isArray(send) ? send : [send]
  for (const piece of pieces) checkPiece(piece)
  // The patterns and checks above are those of the type.
  return { after, then, send: pieces } as Answer
}

function checkPiece(piece: unknown): asserts piece is Piece {
  if (typeof piece === 'string') return
  if (typeof piece === 'object' && piece !== null) {
    const { base64, repeat, times, delay, gate } = piece as Record<string, unknown>
    if (typeof base64 === 'string' || gate === true) return
    if (typeof delay === 'number' && delay >= 0 && delay <= 60_000) return
    if (typeof repeat === 'string' && typeof times === 'number' && times * repeat.length < 2 ** 28)
      return
  }
  throw new BadRequest(`no piece of an answer: ${JSON.stringify(piece)}`)
}

function plainAnswer(status: string, text: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${String(text.length)}\r\n\r\n${text}`
}
