/** What the suite prints: a line when a target ends, every failure, the table and the closing line. */
import type { Problem } from './expectations.ts'

export interface Row {
  readonly target: string
  readonly passed: number
  readonly skipped: number
  readonly gaps: number
  readonly problems: readonly Problem[]
  readonly seconds: number
}

export function describeRow(row: Row): string {
  const { target, passed, skipped, problems, seconds } = row
  const counts = `${String(passed)} passed, ${String(skipped)} skipped, ${String(problems.length)} failed`
  return `${target.padEnd(10)} ${counts} (${seconds.toFixed(1)} s)`
}

/** Problems with the same text, such as those of a driver that ended early, are told once. */
export function describeProblems(rows: readonly Row[]): string {
  return rows.flatMap(describeTarget).join('\n')
}

export function describeTable(rows: readonly Row[]): string {
  const withGaps = rows.some(({ gaps }) => gaps > 0)
  const head = ['target', 'passed', 'skipped by capability', 'failed', 'seconds']
  const body = rows.map((row) => {
    const { target, passed, skipped, problems, seconds } = row
    const cells = [target, passed, skipped, problems.length, seconds.toFixed(1)]
    return [...cells, ...(withGaps ? [row.gaps] : [])].map(String)
  })
  const table = [withGaps ? [...head, 'expected to fail'] : head, ...body]
  const widths = head.concat('expected to fail').map((_, column) => widest(table, column))
  const lines = table.map((cells) => cells.map((cell, at) => align(cell, at, widths[at] ?? 0)))
  return lines.map((cells) => cells.join('  ').trimEnd()).join('\n')
}

export function closingLine(rows: readonly Row[]): string {
  const passed = rows.reduce((sum, row) => sum + row.passed, 0)
  const failed = rows.reduce((sum, row) => sum + row.problems.length, 0)
  return `${String(passed)} passed, ${String(failed)} failed`
}

function describeTarget({ target, problems }: Row): string[] {
  const names = new Map<string, string[]>()
  for (const { name, text } of problems) names.set(text, [...(names.get(text) ?? []), name])
  return Array.from(names, ([text, cases]) => {
    const titles = cases.map((name) => `✗ ${target} › ${name}`)
    return `${titles.join('\n')}\n${indent(text)}\n`
  })
}

function widest(table: readonly (readonly string[])[], column: number): number {
  return Math.max(...table.map((cells) => cells[column]?.length ?? 0))
}

/** Names to the left, numbers to the right. */
function align(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
