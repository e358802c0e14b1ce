/** The caller's signal: it rejects at once, with its reason, and frees what was held. */
import { equal, ok, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { newTag } from '../harness/recorder.ts'

class Reason extends Error {
  override readonly name = 'Reason'
}

export const cases: readonly Case[] = [
  {
    name: 'aborts: a signal that has fired sends nothing',
    run: async ({ requests, recorder }) => {
      const recording = await recorder.play()
      const reason = new Reason('before')
      const controller = new AbortController()
      controller.abort(reason)
      const error = await rejects(
        requests.get(recording.url, { signal: controller.signal }),
        Reason,
      )
      ok(error === reason, 'the very reason')
      equal((await recording.requests()).length, 0)
    },
  },
  {
    name: 'aborts: while waiting for the answer, and the server sees the connection go',
    run: async ({ requests, servers, control }) => {
      const tag = newTag()
      const controller = new AbortController()
      const reason = new Reason('waiting')
      const sending = requests.get(`${servers.http}/hang?tag=${tag}`, { signal: controller.signal })
      const settled = rejects(sending, Reason)
      await control(`/wait?tag=${tag}&event=request`)
      controller.abort(reason)
      ok((await settled) === reason)
      await control(`/wait?tag=${tag}&event=disconnected`)
    },
  },
  {
    name: 'aborts: while the body is read',
    run: async ({ requests, servers }) => {
      const controller = new AbortController()
      const reason = new Reason('reading')
      const response = await requests.get(`${servers.http}/hang-body?sent=10`, {
        stream: true,
        signal: controller.signal,
      })
      const reading = rejects(response.bytes(), Reason)
      controller.abort(reason)
      ok((await reading) === reason)
    },
  },
  {
    name: "aborts: while uploading, and a generator's finally runs",
    needs: ['streamUpload'],
    run: async ({ requests, servers }) => {
      const controller = new AbortController()
      const reason = new Reason('uploading')
      let finished = (): void => undefined
      const released = new Promise<void>((resolve) => (finished = resolve))
      const endless = async function* (): AsyncGenerator<Uint8Array> {
        try {
          for (let sent = 0; ; sent++) {
            if (sent === 3) controller.abort(reason)
            yield await Promise.resolve(new Uint8Array(10_000))
          }
        } finally {
          finished()
        }
      }
      const error = await rejects(
        requests.post(`${servers.http}/echo`, { data: endless(), signal: controller.signal }),
        Reason,
      )
      ok(error === reason)
      await released
    },
  },
  {
    name: 'aborts: closing the session ends calls under way with SESSION_CLOSED',
    run: async ({ requests, servers, control }) => {
      const tag = newTag()
      const session = new requests.Session()
      const sending = rejects(
        session.get(`${servers.http}/hang?tag=${tag}`),
        requests.errors.ConnectionError,
        { code: 'SESSION_CLOSED' },
      )
      await control(`/wait?tag=${tag}&event=request`)
      await session.close()
      await sending
      await rejects(session.get(`${servers.http}/echo`), requests.errors.ConnectionError, {
        code: 'SESSION_CLOSED',
      })
    },
  },
]
