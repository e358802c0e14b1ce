/** What a driver tells the launcher: one marked line of JSON each, among whatever else is printed. */
export interface CaseResult {
  readonly kind: 'result'
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** The capability whose absence explains a skip. */
  readonly needs?: string
  /** Message and stack. */
  readonly error?: string
  readonly ms: number
}
/** Something failed outside of any case: an unhandled rejection, a leaked resource. */
export interface Fault {
  readonly kind: 'fault'
  readonly error: string
}
/** What the module says of its default transport; the launcher holds it to the last word. */
export interface Declared {
  readonly kind: 'capabilities'
  readonly capabilities: Readonly<Record<string, boolean>>
}
/** The driver went through the whole list; what is missing after this was lost on the way. */
export interface End {
  readonly kind: 'end'
}
export type Message = CaseResult | Fault | Declared | End
export type Report = (message: Message) => void

/** What a driver is told at its start. */
export interface DriverSettings<Servers> {
  readonly target: string
  readonly servers: Servers
  /** A regular expression for the names of the cases, or null for all. */
  readonly only: string | null
  /** An empty directory for the cases, on runtimes that have paths. */
  readonly temp: string | null
}

const MARK = '@ubiquest '

export function encodeMessage(message: Message): string {
  return MARK + JSON.stringify(message)
}

/** Null for every other line. A line may be cut short by the death of its writer. */
export function decodeMessage(line: string): Message | null {
  const at = line.indexOf(MARK)
  if (at === -1) return null
  try {
    // Only `encodeMessage` writes the mark.
    return JSON.parse(line.slice(at + MARK.length)) as Message
  } catch {
    return null
  }
}

/** Message, stack and causes as text; engines differ in whether a stack repeats the message. */
export function describeError(error: unknown): string {
  // Not `instanceof`: an error may come from another realm.
  if (typeof error !== 'object' || error === null || !('message' in error))
    return `thrown: ${String(error)}`
  const { name, message, stack, code, cause } = error as Partial<Error> & { code?: unknown }
  // An assertion may quote the whole of a body.
  const title = `${name ?? 'Error'}: ${message ?? ''}`.slice(0, MAX_TITLE)
  const reason = code === undefined ? '' : ` [${String(code)}]`
  const frames = typeof stack === 'string' ? stack.split('\n').filter(isFrame).slice(0, 12) : []
  const because = cause === undefined ? [] : [`caused by ${describeError(cause)}`]
  return [title + reason, ...frames, ...because].join('\n')
}

const MAX_TITLE = 2000

/** `    at f (file:1:2)` in V8 and Bun, `f@file:1:2` in Firefox and WebKit. */
function isFrame(line: string): boolean {
  return /^\s+at /.test(line) || /@.*:\d+:\d+$/.test(line)
}
