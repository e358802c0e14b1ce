/** The fenced examples of the documentation, found with the line they begin at. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `ts` runs on Node; a second word names another place. */
export type Place = 'node' | 'deno' | 'bun' | 'worker' | 'page'
export interface Block {
  /** `docs/uploads.md:12` */
  readonly name: string
  readonly place: Place
  readonly code: string
}

const PLACES: Readonly<Record<string, Place>> = {
  ts: 'node',
  'ts deno': 'deno',
  'ts bun': 'bun',
  'ts worker': 'worker',
  html: 'page',
}

export async function findBlocks(root: string): Promise<Block[]> {
  const pages = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).sort()
  const blocks: Block[] = []
  for (const page of ['README.md', ...pages.map((name) => `docs/${name}`)]) {
    blocks.push(...blocksOf(page, await readFile(join(root, page), 'utf8')))
  }
  return blocks
}

/** Other languages (`sh`, `json`, `python`) are not ours to run; other words behind `ts` are a fault. */
export function blocksOf(page: string, text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const info = /^```(\S.*)$/.exec(lines[at] ?? '')?.[1]?.trim()
    if (info === undefined) continue
    const begin = at + 1
    while (at + 1 < lines.length && lines[at + 1] !== '```') at++
    const code = lines.slice(begin, at + 1).join('\n')
    at++
    const place = PLACES[info]
    if (place === undefined && info.startsWith('ts'))
      throw new Error(`${page}:${String(begin)}: "${info}"`)
    if (place !== undefined) blocks.push({ name: `${page}:${String(begin)}`, place, code })
  }
  return blocks
}
