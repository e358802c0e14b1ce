/** What `/parse` of the test server answers. */
import type { Response } from '../../src/response.ts'

export interface Part {
  readonly name: string
  readonly filename: string | null
  readonly type: string
  readonly size: number
  readonly sha256: string
  readonly value: string | null
}

/** What an independent parser found. */
export async function readParts(
  response: Response,
): Promise<{ fields: [string, string | null][]; files: Part[] }> {
  const { parts } = await response.json<{ parts: Part[] }>()
  return {
    fields: parts.filter((part) => part.filename === null).map((part) => [part.name, part.value]),
    files: parts.filter((part) => part.filename !== null),
  }
}
