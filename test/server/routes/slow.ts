/** Answers that let one wait; each ends when the client goes, or at `control` `/release?tag=…`. */
import { breakOff, gone, isGone, numberOf, pause, sendHead, sendJson } from '../call.ts'
import type { Call, Routes } from '../call.ts'
import { describeRequest } from './echo.ts'

export const slowRoutes: Routes = { delay, hang, 'hang-body': hangBody }

const LONGEST_MS = 120_000

/** `/delay/500`: echoes after that many milliseconds. */
async function delay(call: Call): Promise<void> {
  const milliseconds = numberOf(call.segments[0], 0, [0, LONGEST_MS])
  const description = await describeRequest(call)
  await pause(call, milliseconds)
  if (!isGone(call)) sendJson(call, description)
}

/** Never answers. The request body is read. */
async function hang(call: Call): Promise<void> {
  const description = await describeRequest(call)
  if (await released(call)) sendJson(call, description)
  else breakOff(call)
}

/** `/hang-body?sent=10`: a head that announces 100 bytes, `sent` of them, then nothing. */
async function hangBody(call: Call): Promise<void> {
  call.request.resume()
  const sent = numberOf(call.params.get('sent'), 0, [0, 99])
  sendHead(call, 200, [
    ['Content-Type', 'application/octet-stream'],
    ['Content-Length', '100'],
  ])
  call.response.flushHeaders?.()
  if (sent > 0) call.response.write(Buffer.alloc(sent, 'x'))
  if (await released(call)) call.response.end(Buffer.alloc(100 - sent, 'x'))
  else breakOff(call)
}

/** True when it may go on; false when the client has gone or the time is over. */
export async function released(call: Call): Promise<boolean> {
  if (call.tag === null) {
    await Promise.race([gone(call), pause(call, LONGEST_MS)])
    return false
  }
  call.response.once('close', () => {
    call.journal.nudge()
  })
  return call.journal.released(call.tag, LONGEST_MS, () => isGone(call))
}
