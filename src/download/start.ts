/** Begins a download: the code for it is loaded by then and not before. */
import type { OpenParts } from '../download-port.ts'
import type { Platform } from '../ports.ts'
import type { URLInput } from '../types.ts'
import { Gate } from './control.ts'
import type { Download } from './control.ts'
import type { DownloadDestination, DownloadOptions, DownloadResult } from './options.ts'

export interface DownloadCall {
  readonly url: URLInput
  readonly destination: DownloadDestination
  readonly options: DownloadOptions | undefined
}

/** @param loadParts how this runtime keeps parts; absent where it cannot. */
export function startDownload(
  platform: Platform,
  call: DownloadCall,
  loadParts?: () => Promise<OpenParts>,
): Download<DownloadResult> {
  const gate = new Gate()
  const run = async (): Promise<DownloadResult> => {
    const [{ downloadTo }, openParts] = await Promise.all([
      import('./index.ts'),
      loadParts?.() ?? null,
    ])
    const { url, destination, options = {} } = call
    return downloadTo({ platform, url, destination, options, openParts, gate })
  }
  const promise = run()
  return Object.defineProperties(promise, {
    pause: { value: () => gate.close() },
    resume: { value: () => gate.open() },
    paused: { get: () => gate.closed },
    // The members have just been defined, which the type of `defineProperties` does not tell.
  }) as Download<DownloadResult>
}
