/** Step 2 of 6 for those who hold the request in their hands before it is sent. */
import { encodeBody } from './body/from-input.ts'
import { own } from './own.ts'
import { prepareParts } from './prepare.ts'
import type { PrepareDefaults } from './prepare.ts'
import { PreparedRequest } from './prepared-request.ts'
import type { RequestInput } from './settings.ts'
import type { URLInput } from './types.ts'

export interface Asked {
  readonly method: string
  readonly url: URLInput
  readonly options: RequestInput
}

/** @throws InvalidURLError, InvalidHeaderError, TypeError */
export function prepareRequest(
  { method, url, options }: Asked,
  defaults: PrepareDefaults,
): PreparedRequest {
  const prepared = new PreparedRequest(prepareParts(method, url, options, defaults))
  prepared.hooks = own(options, 'hooks')
  return prepared
}

/** Without a session. */
export const NO_DEFAULTS: PrepareDefaults = {
  baseUrl: null,
  allowAbsoluteUrls: true,
  page: null,
  headers: [],
  auth: undefined,
  params: undefined,
  secretHeaders: undefined,
  netrc: undefined,
  encode: encodeBody,
}
