/** Entry for Deno: one test around the whole run, so that its sanitizers watch for leaks. */
import { reportFault, runAll } from './process.ts'
import { settle } from './settle.ts'

/** The part of Deno's globals that is needed here. */
interface DenoGlobal {
  readonly args: readonly string[]
  test(options: DenoTest): void
}
interface DenoTest {
  readonly name: string
  readonly sanitizeResources: boolean
  readonly sanitizeOps: boolean
  readonly sanitizeExit: boolean
  fn(): Promise<void>
}
declare const Deno: DenoGlobal

// Unless it is prevented, a rejection that nobody handles ends the whole run.
addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  reportFault(event.reason)
})

Deno.test({
  name: 'the conformance cases',
  sanitizeResources: true,
  sanitizeOps: true,
  sanitizeExit: true,
  fn: async () => {
    const servers = await runAll(Deno.args[0] ?? '')
    await settle(servers)
  },
})
