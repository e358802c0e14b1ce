/**
 * Resumable downloads (layer 7): over a session like every other call, into a store of parts that
 * becomes a file when it is whole and right.
 */
import { describe } from '../bytes.ts'
import { encodeText } from '../as-bytes.ts'
import { dispositionFileName } from '../decode/content-disposition.ts'
import { suggestedFileName } from '../decode/file-name.ts'
import type { OpenParts, PartStore } from '../download-port.ts'
import { RequestError } from '../errors.ts'
import type { FileSink, Platform } from '../ports.ts'
import { Request } from '../request.ts'
import { openSink } from '../response-save.ts'
import type { WritableFileHandle } from '../response-save.ts'
import { Session } from '../session.ts'
import type { URLInput } from '../types.ts'
import { unsupported } from '../unsupported.ts'
import { Requester } from './ask.ts'
import type { Gate } from './control.ts'
import { toHex } from './digest-fields.ts'
import { openHasher } from './hashing.ts'
import { Integrity } from './integrity.ts'
import { planDownload } from './options.ts'
import type { DownloadOptions, DownloadPlan, DownloadResult } from './options.ts'
import { Pace } from './pace.ts'
import { downloadMeter } from './progress.ts'
import { DownloadRecord, loadRecord } from './record.ts'
import type { Subject } from './record.ts'
import { sinkStore } from './sink-store.ts'
import type { SinkInput } from './sink-store.ts'
import { startTimeLimit } from './time-limit.ts'
import { Transfer } from './transfer.ts'

export interface DownloadJob {
  readonly platform: Platform
  readonly url: URLInput
  readonly destination: unknown
  readonly options: DownloadOptions
  /** How this runtime keeps parts; null where it cannot. */
  readonly openParts: OpenParts | null
  readonly gate: Gate
}

/** @throws RequestError; the caller's `signal.reason` */
export async function downloadTo(job: DownloadJob): Promise<DownloadResult> {
  const { platform, url, options } = job
  const wanted = planDownload(options)
  const started = platform.clock.now()
  // Before anything is sent: an algorithm that is demanded and unknown is an error (guarantee 22).
  const integrity = new Integrity(platform, wanted.checksum, wanted.digest)
  await integrity.start()
  const session = options.session ?? new Session(platform, {}, platform.sharedTransport())
  const target = new URL(
    session.prepareRequest(new Request('GET', url, { params: wanted.request.params })).url,
  )
  const limit = startTimeLimit(platform.clock, wanted.total, target, wanted.signal)
  try {
    const plan = { ...wanted, signal: limit.signal }
    const [transfer, saved] = await fetchAll(job, { plan, integrity, session, target })
    return {
      ...saved,
      bytes: transfer.received,
      resumedFrom: transfer.resumedFrom,
      segments: transfer.peak,
      etag: transfer.etag,
      elapsed: platform.clock.now() - started,
      restarts: transfer.restarts,
    }
  } finally {
    limit.end()
  }
}

interface Order {
  readonly plan: DownloadPlan
  readonly integrity: Integrity
  readonly session: Session
  readonly target: URL
}
type Saved = Pick<DownloadResult, 'path' | 'checksum'>

async function fetchAll(job: DownloadJob, order: Order): Promise<[Transfer, Saved]> {
  const { platform, url } = job
  const { plan, integrity, session, target } = order
  const codesByRange = !session.getTransport(target).capabilities.anyHeader
  const requester = new Requester(session, url, plan, codesByRange)
  const store = await openStore(job, plan, requester)
  const subject = await subjectOf(platform, plan.identity, target)
  const transfer = assemble(job, { plan, store, requester, integrity, subject })
  return [transfer, await complete(transfer, store, { subject, integrity })]
}

interface Tools {
  readonly plan: DownloadPlan
  readonly store: PartStore
  readonly requester: Requester
  readonly integrity: Integrity
  readonly subject: Subject
}

function assemble(job: DownloadJob, tools: Tools): Transfer {
  const { clock } = job.platform
  const { plan, store, subject } = tools
  const now = (): number => clock.now()
  const facts = { total: () => transfer.total, resumedFrom: () => transfer.resumedFrom }
  const meter =
    plan.onProgress === null ? () => undefined : downloadMeter(plan.onProgress, facts, now)
  const transfer: Transfer = new Transfer({
    ...tools,
    platform: job.platform,
    record: new DownloadRecord(store, subject, clock),
    pace: new Pace(clock, job.gate, plan.maxRate),
    meter,
  })
  return transfer
}

/** Everything, and then the final name; or what can be gone on with, and nothing under that name. */
async function complete(
  transfer: Transfer,
  store: PartStore,
  { subject, integrity }: { readonly subject: Subject; readonly integrity: Integrity },
): Promise<Saved> {
  let started = false
  try {
    const state = await loadRecord(store, subject)
    if (state !== null) await transfer.recover(state)
    started = true
    await transfer.run()
    const checksum = await integrity.verify(store, transfer.received)
    return { path: await store.commit(transfer.received), checksum }
  } catch (error) {
    // What went wrong first is what the caller has to know; an older record still holds.
    const keep = !started || (transfer.keepable && !isMismatch(error))
    if (keep && started) await transfer.settle().catch(() => undefined)
    await (keep ? store.close() : store.discard()).catch(() => undefined)
    throw error
  }
}

/** To go on from these bytes would lead to the same end. */
function isMismatch(error: unknown): boolean {
  const code = error instanceof RequestError ? error.code : ''
  return code === 'CHECKSUM_MISMATCH' || code === 'DIGEST_MISSING'
}

async function openStore(
  job: DownloadJob,
  plan: DownloadPlan,
  requester: Requester,
): Promise<PartStore> {
  const { destination, platform, openParts } = job
  let chosen = false
  const name = async (): Promise<string> => {
    if (plan.filename !== null) return plan.filename
    chosen = true
    const { headers, url } = await requester.probe(plan.signal)
    return suggestedFileName(dispositionFileName(headers.get('content-disposition')), url)
  }
  const parts = await openParts?.(destination, {
    name,
    onLocked: plan.onLocked,
    // What a server has named replaces nothing of the caller's.
    overwrite: () => plan.overwrite ?? !chosen,
    clock: platform.clock,
    signal: plan.signal,
  })
  if (parts !== undefined && parts !== null) return parts
  if (isSink(destination)) return sinkStore(destination)
  if (typeof destination === 'string' || destination instanceof URL) {
    throw unsupported('Downloading to a path', platform.runtime, 'Pass a handle or a FileSink.')
  }
  if (isWritable(destination)) {
    const { runtime } = platform
    const open = (): Promise<FileSink> =>
      openSink({ destination, disposition: null, url: '', files: undefined, runtime })
    // A handle can be opened anew, a stream cannot.
    return sinkStore('createWritable' in destination ? open : await open())
  }
  throw new TypeError(
    `download() takes a path, a file or directory handle, a FileSink or a WritableStream, not ${describe(destination)}.`,
  )
}

function isSink(value: unknown): value is SinkInput {
  if (typeof value === 'function') return true
  return typeof value === 'object' && value !== null && 'commit' in value && 'discard' in value
}

function isWritable(value: unknown): value is WritableFileHandle | WritableStream<never> {
  if (typeof value !== 'object' || value === null) return false
  return 'createWritable' in value || 'getWriter' in value
}

async function subjectOf(platform: Platform, identity: string | null, url: URL): Promise<Subject> {
  const named = identity ?? url.href.slice(0, url.href.length - url.hash.length)
  const hasher = await openHasher(platform, 'SHA-256')
  if (hasher === null) throw unsupported('download()', platform.runtime, 'It has no SHA-256.')
  hasher.update(encodeText(named))
  return { identity: toHex(await hasher.digest()), url: url.origin + url.pathname }
}
