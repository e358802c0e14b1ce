/** What a target is run with, and the tools that `scripts/` brings along. */
import type { Report } from '../drivers/protocol.ts'
import type { Servers } from './case.ts'
import type { Processes } from './launch-process.ts'

/** From scripts/setup.mjs and scripts/binaries.mjs. */
export interface Tools {
  readonly root: string
  binary(name: 'deno' | 'bun' | 'workerd' | 'esbuild'): string
  nodeBinary(major: number): string
  ensureNodes(majors: readonly number[]): void
  ensureBrowsers(names: readonly string[]): Promise<void>
  systemBrowser(name: string): string | null
  miniBrowser(): string | null
}

export interface Job {
  readonly target: string
  readonly tools: Tools
  /** A folder outside the repository, with the packed library installed. */
  readonly project: string
  /** A folder for what this target alone writes. */
  readonly folder: string
  readonly servers: Servers
  /** Closes every connection to it as well. */
  stopServer(): Promise<void>
  /** The cases to run, in order. */
  readonly names: readonly string[]
  /** The regular expression that chose them. */
  readonly only: string | null
  readonly processes: Processes
  readonly report: Report
  /** Aborted when the target has been silent for too long, or the launcher is to end. */
  readonly signal: AbortSignal
}

/** Resolves when the driver has ended, whatever came of it; rejects when it could not be started. */
export type Run = (job: Job) => Promise<void>
