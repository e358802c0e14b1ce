/** The control listener: scripts, recordings, journal and logs, for cases that look behind the wire. */
import { BadRequest, numberOf, sendJson } from './call.ts'
import type { Call, Handler, Routes } from './call.ts'
import type { Journal } from './journal.ts'
import type { ProxyLog } from './proxy.ts'
import type { Recorder } from './recorder.ts'
import { readBody } from './request-body.ts'
import { readScript } from './script.ts'

export interface ControlOptions {
  readonly journal: Journal
  readonly recorder: Recorder
  readonly proxyLog: ProxyLog
}

const MAX_BODY = 16 * 1024 * 1024
const WAIT_MS = 10_000

/**
 * GET  /stats?tag=…                        without a tag: of all listeners
 * POST /reset?tag=…                        without a tag: everything, also what others count
 * GET  /wait?tag=…&event=…&count=1         the events, once there are so many
 * POST /release?tag=…                      lets /hang, /hang-body, /never-read of that tag go on
 * POST /record                             a script; gives {id, url}
 * GET  /record/<id>?wait=&heads=&closed=   the requests, once so many are complete, begun, closed
 * POST /record/<id>/release                opens the next gate of the script
 * GET  /proxy?match=…&since=n              what the proxies saw
 *
 * All that wait take `timeout` (milliseconds) and then say `timedOut: true`. `/control` may stand
 * before any of these paths.
 */
export function controlRoutes({ journal, recorder, proxyLog }: ControlOptions): Routes {
  const routes: Record<string, Handler> = {
    stats: (call) => {
      sendJson(call, journal.statistics(tagOf(call)))
    },
    reset: (call) => {
      journal.reset(tagOf(call))
      sendJson(call, {})
    },
    wait: async (call) => {
      const count = numberOf(call.params.get('count'), 1, [1, 10_000])
      const event = call.params.get('event') ?? ''
      const limitMs = timeoutOf(call)
      sendJson(call, await journal.events(neededTag(call), event, { count, limitMs }))
    },
    release: (call) => {
      journal.release(neededTag(call))
      sendJson(call, {})
    },
    record: async (call) => record(call, recorder),
    proxy: (call) => {
      const since = numberOf(call.params.get('since'), 0)
      sendJson(call, { requests: proxyLog.find(call.params.get('match') ?? '', since) })
    },
  }
  const control: Handler = async (call) => {
    const [first = '', ...segments] = call.segments
    const handler = Object.hasOwn(routes, first) ? routes[first] : undefined
    if (handler === undefined) throw new BadRequest(`no control of that name: ${first}`)
    await handler({ ...call, segments })
  }
  return { ...routes, control }
}

async function record(call: Call, recorder: Recorder): Promise<void> {
  const [id, action] = call.segments
  if (id === undefined) {
    const { bytes } = await readBody(call, MAX_BODY)
    if (bytes === null) throw new BadRequest('the script is too large')
    sendJson(call, recorder.record(readScript(parseJson(bytes))))
    return
  }
  const script = recorder.find(id)
  if (script === undefined) throw new BadRequest(`no script of that id: ${id}`)
  if (action === 'release') {
    script.release()
    sendJson(call, {})
    return
  }
  const counts = {
    wait: numberOf(call.params.get('wait'), 0),
    heads: numberOf(call.params.get('heads'), 0),
    closed: numberOf(call.params.get('closed'), 0),
  }
  const enough = await script.until(counts, timeoutOf(call))
  sendJson(call, { requests: script.describe(), timedOut: !enough })
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new BadRequest('the body is no JSON')
  }
}

/** Of the query, not of the call: control is not part of what is journaled. */
function tagOf(call: Call): string | null {
  return call.params.get('tag')
}

function neededTag(call: Call): string {
  const tag = tagOf(call)
  if (tag === null) throw new BadRequest('which tag?')
  return tag
}

function timeoutOf(call: Call): number {
  return numberOf(call.params.get('timeout'), WAIT_MS, [0, 60_000])
}
