/** A lock that all pages and workers of the origin respect, and that ends with the page. */
import type { OpenPartsOptions } from '../../src/download-port.ts'
import { RequestError } from '../../src/errors.ts'

export interface WebLock {
  release(): void
}

export async function takeWebLock(
  name: string,
  target: string,
  { onLocked, signal }: Pick<OpenPartsOptions, 'onLocked' | 'signal'>,
): Promise<WebLock> {
  return new Promise((resolve, reject) => {
    const hold = (lock: unknown): Promise<void> | undefined => {
      if (lock === null) {
        reject(lockedError(target))
        return undefined
      }
      return new Promise((release) => {
        resolve({ release })
      })
    }
    const wait = signal === null ? {} : { signal }
    const options = onLocked === 'wait' ? wait : { ifAvailable: true }
    navigator.locks.request(name, options, hold).catch(reject)
  })
}

function lockedError(target: string): RequestError {
  return new RequestError(
    `Another download is writing to ${JSON.stringify(target)}. Wait for it with \`onLocked: "wait"\`, or choose another name.`,
    { code: 'FILE_LOCKED' },
  )
}
