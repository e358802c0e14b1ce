/** Whether the test server has seen clients leave: for cases about bodies that nobody reads to their end. */
import { ok } from '../harness/assert.ts'
import type { Context } from '../harness/case.ts'

/** Resolves once the server has seen `count` answers of that tag break off or finish early. */
export async function aborted({ control }: Context, tag: string, count: number): Promise<void> {
  const query = `tag=${tag}&event=aborted&count=${String(count)}`
  const { timedOut } = (await control(`/wait?${query}`)) as { timedOut: boolean }
  ok(!timedOut, `the server saw fewer than ${String(count)} clients leave`)
}
