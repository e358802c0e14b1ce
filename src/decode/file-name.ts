/**
 * A name for a file that a server has chosen (leaf of `save`): never a path, never hidden, and one
 * that every system takes, since what is saved here may be copied there (guarantee 24).
 */

/** Most file systems take 255 bytes; some space is left for what stands around a part file. */
const MOST_BYTES = 200

/** From Content-Disposition, else from the path of the URL, else `download`. */
export function suggestedFileName(disposition: string | null, url: string): string {
  return safeFileName(disposition ?? '') ?? safeFileName(lastSegment(url)) ?? 'download'
}

/** Null when nothing of the name is left. */
export function safeFileName(name: string): string | null {
  const last = name.split(/[/\\]/).pop() ?? ''
  const clean = last
    .normalize('NFC')
    // Control characters, and those that turn the direction of reading, so that an .exe looks like
    // a .txt.
    .replace(/[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, '')
    // What Windows refuses, and `:`, which names a stream of a file there.
    .replace(/[<>:"|?*]/g, '_')
  const trimmed = trimEnd(trimStart(clean))
  if (trimmed === '') return null
  return shorten(isReserved(trimmed) ? `_${trimmed}` : trimmed)
}

/** The next name to try when that one is taken: `report (1).pdf`. */
export function numberedFileName(name: string, number: number): string {
  const [stem, extension] = splitExtension(name)
  return `${stem} (${String(number)})${extension}`
}

/** Devices of Windows, with any extension. */
function isReserved(name: string): boolean {
  return /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ ]*(?:\.|$)/i.test(name)
}

/** A leading dot hides a file and is how `.bashrc` would be planted. */
function trimStart(name: string): string {
  let at = 0
  while (at < name.length && isEdge(name[at])) at += 1
  return name.slice(at)
}

/** Windows drops dots and spaces at the end, so that two names become one. */
function trimEnd(name: string): string {
  let end = name.length
  while (end > 0 && isEdge(name[end - 1])) end -= 1
  return name.slice(0, end)
}

function isEdge(character: string | undefined): boolean {
  return character === '.' || (character?.trim() === '' && character !== '')
}

/** Keeps the extension, and no half of a character. */
function shorten(name: string): string {
  const encoder = new TextEncoder()
  if (encoder.encode(name).length <= MOST_BYTES) return name
  const [stem, extension] = splitExtension(name)
  const room = MOST_BYTES - encoder.encode(extension).length
  const taken = new Uint8Array(room)
  const { read } = encoder.encodeInto(stem, taken)
  return trimEnd(stem.slice(0, read)) + extension
}

function splitExtension(name: string): [stem: string, extension: string] {
  const found = /^(.+?)((?:\.tar)?\.[A-Za-z0-9]{1,10})$/s.exec(name)
  return found?.[1] === undefined ? [name, ''] : [found[1], found[2] ?? '']
}

function lastSegment(url: string): string {
  if (url === '') return ''
  const segment = new URL(url).pathname.split('/').pop() ?? ''
  try {
    return decodeURIComponent(segment)
  } catch {
    // Not percent-encoded after all.
    return segment
  }
}
