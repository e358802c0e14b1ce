/** What the demo shows: bars on a terminal, plain lines elsewhere, and the table at the end. */
import { Presets, SingleBar } from 'cli-progress'
import type { Message } from './protocol.ts'

type Step = Extract<Message, { kind: 'step' }>
type Progress = Extract<Message, { kind: 'progress' }>

const MIB = 1_048_576

export class Display {
  readonly steps: Step[] = []
  #bar: SingleBar | null = null
  #step = ''
  #quarter = 0

  show(message: Progress | Step): void {
    if (message.kind === 'progress') this.#progress(message)
    else this.#finish(message)
  }

  #progress({ step, done, total }: Progress): void {
    if (this.#step !== step) this.#begin(step, total)
    this.#bar?.update(Math.round(done / MIB))
    const quarter = Math.floor((4 * done) / total)
    if (this.#bar === null && quarter > this.#quarter && quarter < 4) {
      this.#quarter = quarter
      process.stdout.write(`  ${step}: ${String(25 * quarter)} %\n`)
    }
  }

  #begin(step: string, total: number): void {
    this.#step = step
    this.#quarter = 0
    if (!process.stdout.isTTY) return
    const format = `  ${step.padEnd(26)} {bar} {value}/{total} MiB · {eta_formatted} left`
    this.#bar = new SingleBar(
      { format, hideCursor: true, clearOnComplete: true },
      Presets.shades_classic,
    )
    this.#bar.start(Math.round(total / MIB), 0)
  }

  #finish(step: Step): void {
    this.stop()
    this.steps.push(step)
    process.stdout.write(`✓ ${step.step}: ${step.note}\n`)
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = null
  }
}

export interface Summary {
  readonly runtime: string
  readonly version: string
  readonly connections: number
  readonly expected: string
  /** Bytes, or null where nobody can tell. */
  readonly peakMemory: number | null
}

export function table(steps: readonly Step[], summary: Summary): string {
  const rows = steps.map(({ step, bytes, ms, note }) => [
    step,
    bytes === 0 ? '' : `${(bytes / MIB).toFixed(1)} MiB`,
    bytes === 0 ? '' : `${(bytes / MIB / (ms / 1000)).toFixed(0)} MiB/s`,
    `${ms.toFixed(0)} ms`,
    note,
  ])
  const all = [['step', 'bytes', 'speed', 'time', 'remarks'], ...rows]
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  )
  const lines = all.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  )
  const { runtime, version, connections, expected, peakMemory } = summary
  const memory =
    peakMemory === null ? 'not measurable here' : `${(peakMemory / MIB).toFixed(0)} MiB`
  return [
    ...lines,
    '',
    `ubiquest ${version} on ${runtime}`,
    `connections: ${String(connections)} (expected: ${expected})`,
    `peak memory of the process: ${memory}`,
    'SHA-256 of every upload and of the download: equal',
  ].join('\n')
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 || column === 4 ? cell.padEnd(width) : cell.padStart(width)
}
