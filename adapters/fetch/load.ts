/** Puts the body of a request on its carrier: opened, watched, and given to the runtime's `fetch`. */
import { bare } from '../../src/own.ts'
import { typeOf, typeToAdd } from '../../src/body/made-type.ts'
import type { BodySource, OpenBody } from '../../src/ports.ts'
import type { Carrier } from './dialect.ts'
import type { Flight } from './flight.ts'
import { Upload } from './upload.ts'

export async function loadBody(flight: Flight): Promise<Carrier | null> {
  const { body, deadline } = flight.request
  if (body === null) return null
  const { upload, carrier } = await carry(flight, body)
  // A large body handed over whole may take longer to send than the limit of silence.
  const bytes = carrier.whole ? (carrier.size ?? upload.length ?? 0) : 0
  if (bytes > 256 * 1024) deadline.waiting(bytes)
  else deadline.connecting(false)
  return carrier
}

/** What a source throws is the caller's own error: it is rejected with as it is. */
async function carry(
  flight: Flight,
  body: BodySource,
): Promise<{ readonly upload: Upload; readonly carrier: Carrier }> {
  const { dialect, request } = flight
  try {
    const open = await body.open()
    const upload = watch(flight, open)
    const type = typeToAdd(request.headers, typeOf(open))
    const carrier = bare(await dialect.uploadBody(upload, request))
    if (type === null) return { upload, carrier }
    return {
      upload,
      carrier: { ...carrier, headers: [...(carrier.headers ?? []), ['Content-Type', type]] },
    }
  } catch (error) {
    flight.fail(error)
    throw error
  }
}

function watch(flight: Flight, open: OpenBody): Upload {
  const { deadline, onSent } = flight.request
  const upload = new Upload(open, {
    asked: () => deadline.idle(),
    sent: (transferred, done = false) => {
      deadline.waiting()
      deadline.sent = transferred
      onSent?.(transferred, open.length ?? (done ? transferred : null))
    },
    failed: (error) => flight.fail(error),
  })
  flight.upload = upload
  if (flight.failure !== null) upload.stop(flight.failure.error)
  return upload
}
