/** Entry for Deno: one test around the whole run, so that its sanitizers watch for leaks. */
import { runAll } from './process.ts'

/** The part of Deno's globals that is needed here. */
interface DenoGlobal {
  readonly args: readonly string[]
  test(options: { name: string; fn: () => Promise<void> }): void
}
declare const Deno: DenoGlobal

Deno.test({ name: 'the conformance cases', fn: async () => await runAll(Deno.args[0] ?? '') })
