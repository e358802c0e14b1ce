/** Step 2 of 6 for those who hold the request in their hands before it is sent. */
import { encodeBody } from './body/from-input.ts'
import { prepareParts } from './prepare.ts'
import type { Asked, PrepareDefaults } from './prepare.ts'
import { PreparedRequest } from './prepared-request.ts'

/** @throws InvalidURLError, InvalidHeaderError, TypeError */
export function prepareRequest(asked: Asked, defaults: PrepareDefaults): PreparedRequest {
  return new PreparedRequest(prepareParts(asked, defaults, (body) => encodeBody(body)))
}
