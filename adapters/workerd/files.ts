/** Files to send and files to keep, bound to workerd. */
import { fileSource } from '../../src/body/file-source.ts'
import type { FileOptions, FileSource, FileSourceInput } from '../../src/body/file-source.ts'
import type { Download } from '../../src/download/control.ts'
import type {
  DownloadDestination,
  DownloadOptions,
  DownloadResult,
} from '../../src/download/options.ts'
import { startDownload } from '../../src/download/start.ts'
import type { URLInput } from '../../src/types.ts'
import { platform } from './platform.ts'

/** A file to send: opened when it is sent, again for each attempt, never read into memory. */
export function file(source: FileSourceInput, options?: FileOptions): FileSource {
  return fileSource(platform.files, platform.runtime, source, options)
}

/**
 * Downloads that survive: what is there of a file is kept, checked and gone on with by the next call.
 * The promise can be paused.
 */
export function download(
  url: URLInput,
  destination: DownloadDestination,
  options?: DownloadOptions,
): Download<DownloadResult> {
  return startDownload(platform, { url, destination, options })
}
