/** `/digest-auth/…`: a server of RFC 7616 that checks every part of an answer. */
import { sendJson } from '../call.ts'
import type { Call, Routes } from '../call.ts'
import { digestChallenge, digestProblem, readDigest } from '../digest.ts'
import type { DigestDemand } from '../digest.ts'
import { readBody } from '../request-body.ts'

export const digestRoutes: Routes = { 'digest-auth': digestAuth }

/**
 * `/digest-auth/<qop>/<user>/<password>/<algorithm>?userhash=1&uses=1&realm=x`; qop is `auth`, `auth-int` or
 * `none`. Answers with the body's text, the nonce count and the algorithm.
 */
async function digestAuth(call: Call): Promise<void> {
  const [qop = 'auth', user = '', password = '', algorithm = 'MD5'] = call.segments
  const realm = call.params.get('realm')
  const wanted: DigestDemand = {
    ...{ user, password, algorithm, qop: qop === 'none' ? null : qop },
    userhash: call.params.get('userhash') === '1',
    uses: Number(call.params.get('uses') ?? 1000),
    ...(realm === null ? {} : { realm: Buffer.from(realm).toString('latin1') }),
  }
  const { bytes } = await readBody(call, 1024 * 1024)
  const body = Buffer.from(bytes ?? [])
  const header = call.request.headers.authorization
  const given = header === undefined ? null : readDigest(header)
  const request = { method: call.method, target: call.request.url ?? '', body }
  const problem = given === null ? 'no answer' : digestProblem(given, request, wanted)
  if (problem === null && given !== null) {
    const { nc = null, algorithm: named = null } = given
    sendJson(call, { authenticated: true, user, nc, algorithm: named, body: body.toString() })
    return
  }
  const fields = [['WWW-Authenticate', digestChallenge(wanted, problem === 'stale')] as const]
  sendJson(call, { authenticated: false, problem }, { status: 401, fields })
}
