/** `/status`, `/sequence`, redirects: answers whose point is their head. */
import { BadRequest, numberOf, sendBytes, sendHead, sendJson } from '../call.ts'
import type { Call, Field, Routes } from '../call.ts'

export const statusRoutes: Routes = {
  status,
  sequence,
  redirect,
  'redirect-to': redirectTo,
  'redirect-loop': (call) => sendRedirect(call, 302, call.request.url ?? '/redirect-loop'),
  headers: manyHeaders,
  links,
  attachment,
}

/** `/status/418?reason=…&body=…&header=Name:%20value` (repeated). */
function status(call: Call): void {
  const code = call.segments[0]
  const reason = call.params.get('reason')
  if (reason !== null && call.request.httpVersionMajor === 1) call.response.statusMessage = reason
  const text = call.params.get('body') ?? `status ${code ?? ''}`
  answerStatus(call, numberOf(code, 200, [200, 999]), text)
}

/** `/sequence/503,503,200?tag=…`: the next status at each request of that tag; the last one stays. */
function sequence(call: Call): void {
  if (call.tag === null) throw new BadRequest('a sequence needs a tag')
  const codes = (call.segments[0] ?? '').split(',')
  const turn = call.journal.requestsOf(call.tag, call.url.pathname)
  const code = codes[Math.min(turn, codes.length) - 1]
  answerStatus(call, numberOf(code, 200, [200, 599]), `request ${String(turn)}`)
}

function answerStatus(call: Call, code: number, text: string): void {
  const fields: Field[] = call.params.getAll('header').map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  if (code === 204 || code === 304) {
    sendHead(call, code, fields)
    call.response.end()
    return
  }
  const empty = code === 205
  if (!empty) fields.unshift(['Content-Type', 'text/plain; charset=utf-8'])
  sendBytes(call, Buffer.from(empty ? '' : text), { status: code, fields })
}

/** `/redirect/3?status=307`: relative, three hops to `/echo`; the query goes along. */
function redirect(call: Call): void {
  const left = numberOf(call.segments[0], 1, [0, 100])
  const code = numberOf(call.params.get('status'), 302, [300, 399])
  const path = left <= 1 ? '/echo' : `/redirect/${String(left - 1)}`
  sendRedirect(call, code, path + call.url.search)
}

/** `/redirect-to?url=…&status=…&cookie=…`; the Location is exactly `url`. */
function redirectTo(call: Call): void {
  const target = call.params.get('url')
  if (target === null) throw new BadRequest('redirect-to needs url')
  sendRedirect(call, numberOf(call.params.get('status'), 302, [300, 399]), target)
}

export function sendRedirect(
  call: Call,
  code: number,
  location: string,
  fields: readonly Field[] = [],
): void {
  const cookies = call.params.getAll('cookie').map((line): Field => ['Set-Cookie', line])
  sendBytes(call, Buffer.from(`see ${location}`), {
    status: code,
    fields: [
      ['Location', location],
      ['Content-Type', 'text/plain; charset=utf-8'],
      ...fields,
      ...cookies,
    ],
  })
}

/** `/headers?count=100&size=10`: that many fields, and always one field twice. */
function manyHeaders(call: Call): void {
  const count = numberOf(call.params.get('count'), 10, [0, 2000])
  const size = numberOf(call.params.get('size'), 10, [0, 100_000])
  if (count * size > 1_000_000) throw new BadRequest('too much')
  const fields: Field[] = [
    ['X-Repeated', 'one'],
    ['X-Repeated', 'two'],
  ]
  for (let at = 0; at < count; at++) fields.push([`X-Field-${String(at)}`, 'v'.repeat(size)])
  sendJson(call, { count, size }, { fields })
}

/** `/links?page=2`: three pages, as web APIs page through lists (RFC 8288). */
function links(call: Call): void {
  const page = numberOf(call.params.get('page'), 1, [1, 3])
  const link = (to: number, relation: string): string =>
    `</links?page=${String(to)}>; rel="${relation}"`
  const all = [link(1, 'first'), link(3, 'last')]
  if (page < 3) all.unshift(link(page + 1, 'next'))
  if (page > 1) all.unshift(link(page - 1, 'prev'))
  sendJson(
    call,
    { page, items: [page * 10, page * 10 + 1] },
    { fields: [['Link', all.join(', ')]] },
  )
}

/** `/attachment?disposition=<the whole field>` or `?filename=…`; `size` bytes of text. */
function attachment(call: Call): void {
  const filename = call.params.get('filename') ?? 'report.txt'
  const disposition = call.params.get('disposition') ?? `attachment; filename="${filename}"`
  const size = numberOf(call.params.get('size'), 10, [0, 1_000_000])
  sendBytes(call, Buffer.alloc(size, 'a'), {
    fields: [
      ['Content-Disposition', disposition],
      ['Content-Type', call.params.get('type') ?? 'text/plain'],
    ],
  })
}
