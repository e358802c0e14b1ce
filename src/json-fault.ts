/**
 * What may be said of a text that is no JSON (layer 0): where it goes wrong and how it begins, never
 * what it says, since any body may hold a secret. Engines quote it in their own words, so that their
 * error is no cause of ours.
 */

/** @param fault what `JSON.parse` threw. @returns the end of a sentence about the text. */
export function aboutFault(text: string, fault: unknown): string {
  const start = text.trimStart()
  if (start === '') return 'it is empty'
  const first = JSON.stringify(String.fromCodePoint(start.codePointAt(0) ?? 0))
  // V8 says where, at times, behind what it quotes.
  const said = fault instanceof Error ? fault.message : ''
  const position = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(said)?.[1]
  const where = position === undefined ? '' : `, wrong at position ${position}`
  return `${String(text.length)} characters, beginning with ${first}${where}`
}
