/** Waits for what the caller's own functions do (part of step 3), for as long as the call may last. */
import type { CallDeadline } from './deadline.ts'

/** @throws the reason of the call, when it ends first */
export async function withinCall<T>(waiting: T | Promise<T>, deadline: CallDeadline): Promise<T> {
  if (!(waiting instanceof Object && 'then' in waiting)) return waiting
  try {
    return await new Promise<T>((resolve, reject) => {
      // The reason is the caller's own value, whatever that is.
      deadline.onFailure = reject
      if (deadline.failed) reject(deadline.reason)
      waiting.then(resolve, reject)
    })
  } finally {
    deadline.onFailure = null
  }
}
