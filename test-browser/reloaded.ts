/** The page inside a frame that a case reloads: one download, told to the page around it. */
import * as requests from 'ubiquest'

const PREFIX = '#download='

/** Whether this page is that of a frame, and not the driver. */
export function isReloaded(): boolean {
  return location.hash.startsWith(PREFIX)
}

export async function runReloaded(): Promise<void> {
  let transferred = 0
  const tell = (more: object): void => {
    parent.postMessage({ transferred, result: null, error: null, ...more }, '*')
  }
  try {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('download-reload', { create: true })
    const url = decodeURIComponent(location.hash.slice(PREFIX.length))
    const result = await requests.download(url, folder, {
      filename: 'film.bin',
      // Slow enough to be caught in the middle, and to have written records by then.
      maxRate: 4_000_000,
      onProgress: (progress) => {
        transferred = progress.transferred
        tell({})
      },
    })
    tell({ result })
  } catch (error) {
    tell({ error: String(error) })
  }
}
