/** One fault, one class and one code, on every runtime that can see it: the table holds both ways. */
import { equal } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { httpAnswer, newTag } from '../harness/recorder.ts'
import { FAULTS } from './fault-table.ts'

type Trigger = (context: Context) => Promise<unknown>

const VERIFIED = ({ servers, capabilities }: Context): { verify?: string } =>
  capabilities.customCA ? { verify: servers.ca } : {}

const TRIGGERS: Readonly<Record<string, Trigger>> = {
  'nobody listens': ({ requests, servers }) => requests.get(servers.refused),
  'the host name has no address': ({ requests }) => requests.get('http://no-such-host.invalid/'),
  'the connection is reset instead of an answer': async ({ requests, recorder }) => {
    const { url } = await recorder.play({ answers: [{ then: 'reset' }, { then: 'reset' }] })
    return requests.post(url, { data: 'x' })
  },
  'the answer is not HTTP': async ({ requests, recorder }) => {
    const answers = [{ send: 'SSH-2.0-OpenSSH\r\n', then: 'end' }] as const
    const { url } = await recorder.play({ verbatim: true, answers })
    return requests.post(url)
  },
  'the body is shorter than its Content-Length': ({ requests, servers }) =>
    // Where nothing tells of the end, the limit of silence does.
    requests.get(`${servers.http}/bytes/100000?cut=5000`, { timeout: 1500 }),
  'a chunk of the body is missing': async ({ requests, recorder }) => {
    const send = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'
    const { url } = await recorder.play({ answers: [{ send, then: 'end' }] })
    return requests.get(url)
  },
  'the content coding is broken': async ({ requests, recorder }) => {
    const answer = httpAnswer(200, { 'Content-Encoding': 'gzip' }, 'this is not gzip')
    const { url } = await recorder.play({ answers: [{ send: answer }] })
    return requests.get(url)
  },
  'no handshake within timeout.connect': ({ requests, servers }) =>
    requests.get(`https://${servers.silent}/`, { timeout: { connect: 100, read: 100 } }),
  'no answer within timeout.read': ({ requests, servers }) =>
    requests.get(`${servers.http}/hang`, { timeout: 150 }),
  'the body stops coming for timeout.read': ({ requests, servers }) =>
    requests.get(`${servers.http}/hang-body?sent=10`, { timeout: 250 }),
  'the call takes longer than timeout.total': ({ requests, servers }) =>
    requests.get(`${servers.http}/hang`, { timeout: { total: 150 } }),
  'the authority of the certificate is unknown': ({ requests, servers, capabilities }) =>
    // Where no other authority can be named, the system's are asked, which the target may extend.
    capabilities.customCA
      ? requests.get(`${servers.https}/echo`, { verify: servers.clientCert })
      : requests.get(`${servers.untrusted}/echo`),
  'the certificate is self-signed': (context) =>
    context.requests.get(`${context.servers.untrusted}/echo`, VERIFIED(context)),
  'the certificate has expired': (context) =>
    context.requests.get(`${context.servers.expired}/echo`, VERIFIED(context)),
  'the certificate is for another host': (context) =>
    context.requests.get(`${context.servers.wrongHost}/echo`, VERIFIED(context)),
  'the server wants a client certificate': (context) =>
    context.requests.get(`${context.servers.mtls}/echo`, { ...VERIFIED(context), timeout: 1500 }),
  'the proxy cannot be reached': ({ requests, servers }) =>
    requests.get(`${servers.http}/echo`, { proxies: { all: servers.refused } }),
  'the proxy wants credentials': (context) =>
    context.requests.get(`${context.servers.https}/echo`, {
      ...VERIFIED(context),
      proxies: { all: context.servers.proxyAuth },
    }),
  'the SOCKS proxy refuses': ({ requests, servers }) =>
    requests.get('http://forbidden.test/', { proxies: { all: `socks5h://${servers.socks}` } }),
  'too many redirects': ({ requests, servers }) => requests.get(`${servers.http}/redirect/31`),
  'redirects in a loop': ({ requests, servers }) => requests.get(`${servers.http}/redirect-loop`),
  'every retry was spent': ({ requests, servers }) => {
    const retries = new requests.Retry({ total: 1, statusForcelist: [503] })
    return requests.get(`${servers.http}/sequence/503?tag=${newTag()}`, { retries })
  },
  'a status of 400 or more, with raiseForStatus': ({ requests, servers }) =>
    requests.get(`${servers.http}/status/404`, { raiseForStatus: true }),
  'the body is larger than maxBytes': ({ requests, servers }) =>
    requests.get(`${servers.http}/bytes/1000`, { maxBytes: 10 }),
  'json() of something else': async ({ requests, servers }) =>
    (await requests.get(`${servers.http}/status/200?body=x`)).json(),
  'the URL has no scheme': ({ requests }) => requests.get('no-scheme.test:x'),
  'a header value with a line break': ({ requests, servers }) =>
    requests.get(servers.http, { headers: { 'X-A': 'a\r\nb' } }),
  'the session is closed': async ({ session, servers }) => {
    const own = session()
    await own.close()
    return own.get(servers.http)
  },
  "the caller's signal": ({ requests, servers }) => {
    const controller = new AbortController()
    controller.abort(new RangeError('mine'))
    return requests.get(servers.http, { signal: controller.signal })
  },
}

export const cases: readonly Case[] = Object.entries(TRIGGERS).map(([fault, trigger]) => ({
  name: `faults: ${fault}`,
  run: async (context) => {
    const row = FAULTS[fault]
    const expected = row?.[context.target] ?? row?.[context.runtime] ?? row?.else ?? 'no row'
    equal(await outcomeOf(trigger, context), expected)
  },
}))

async function outcomeOf(trigger: Trigger, context: Context): Promise<string> {
  try {
    await trigger(context)
    return 'no error'
  } catch (error) {
    if (!(error instanceof Error)) return typeof error
    const code: unknown = Reflect.get(error, 'code')
    // Engines number their own errors; ours have names.
    return typeof code === 'string' ? `${error.name} ${code}` : error.name
  }
}
