/**
 * What the hooks of a call make of its request and of its answer (part of step 3). Loaded, before
 * anything is sent, with the first call that has some.
 */
import type { CallDeadline } from './deadline.ts'
import { runHooks } from './hooks.ts'
import type { PreparedInit } from './prepared-init.ts'
import { PreparedRequest } from './prepared-request.ts'
import type { Response } from './response.ts'
import { withinCall } from './send-wait.ts'
import type { HookLists, SendSettings } from './settings.ts'

export async function changeRequest(
  first: PreparedInit,
  { request }: HookLists,
  deadline: CallDeadline,
): Promise<PreparedInit> {
  const running = runHooks(request, new PreparedRequest(first))
  return (await withinCall(running, deadline)).snapshot()
}

/** An answer that a hook has put another one in the place of gives its connection back. */
export async function changeAnswer(
  answer: Response,
  { hooks, stream }: SendSettings,
  deadline: CallDeadline,
): Promise<Response> {
  let response = answer
  try {
    for (const hook of hooks.response) {
      const next = (await withinCall(hook(response), deadline)) ?? response
      if (next !== response) await release(response)
      response = next
    }
    return response
  } catch (error) {
    // It is read as without the hook, for whoever finds it in the error; nobody else could.
    if (!stream) await response.buffer().catch(ignore)
    throw error
  } finally {
    deadline.finish()
  }
}

async function release(response: Response): Promise<void> {
  await response.discard(true).catch(ignore)
}

/** The outcome of the call is the hook's, not that of a body which nobody asks for any more. */
function ignore(): void {
  // Nothing to do.
}
