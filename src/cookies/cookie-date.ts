/**
 * The cookie-date algorithm (RFC 6265bis §5.1.1). Engines' own date parsers differ and are both
 * stricter and laxer than it; this one is the same everywhere. Linear in the length of its input.
 */

interface Found {
  time: readonly [hour: number, minute: number, second: number] | null
  day: number | null
  month: number | null
  year: number | null
}

const DAY_NAMES = 'Sun,Mon,Tue,Wed,Thu,Fri,Sat,'
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec'

/** Milliseconds since the epoch, or null when the text is no cookie-date. */
export function parseCookieDate(text: string): number | null {
  const found: Found = { time: null, day: null, month: null, year: null }
  if (!readFixed(text, found)) readTokens(text, found)
  const { time, day, month } = found
  if (time === null || day === null || month === null || found.year === null) return null
  const year = fullYear(found.year)
  const [hour, minute, second] = time
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return null
  const at = Date.UTC(year, month, day, hour, minute, second)
  // Step 6: a day the month does not have (31 Feb) names no date; Date.UTC would roll it over.
  return new Date(at).getUTCDate() === day ? at : null
}

/**
 * `Wed, 09 Jun 2077 10:18:14 GMT`, which nearly every server sends (RFC 9110 §5.6.7): its tokens are
 * known by their places. False for all else.
 */
function readFixed(text: string, found: Found): boolean {
  const isFixed =
    text.length === 29 &&
    DAY_NAMES.indexOf(text.slice(0, 4)) % 4 === 0 &&
    text.endsWith(' GMT') &&
    // The blanks and colons between the numbers.
    text[4] === ' ' &&
    text[7] === ' ' &&
    text[11] === ' ' &&
    text[16] === ' ' &&
    text[19] === ':' &&
    text[22] === ':'
  const month = isFixed ? MONTHS.indexOf(text.slice(8, 11).toLowerCase()) : -1
  const day = twoDigits(text, 5)
  const year = twoDigits(text, 12) * 100 + twoDigits(text, 14)
  const [hour, minute, second] = [twoDigits(text, 17), twoDigits(text, 20), twoDigits(text, 23)]
  // One that is no number makes no number of the sum.
  if (month % 3 !== 0 || Number.isNaN(day + year + hour + minute + second)) return false
  found.time = [hour, minute, second]
  found.day = day
  found.month = month / 3
  found.year = year
  return true
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30
  const ones = text.charCodeAt(at + 1) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Step 1: everything between delimiters. */
function readTokens(text: string, found: Found): void {
  let start = 0
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && !isDelimiter(text.charCodeAt(at))) continue
    if (at > start) readToken(text.slice(start, at), found)
    start = at + 1
  }
}

/** HTAB, %x20-2F, %x3B-40, %x5B-60, %x7B-7E: not digits, letters and the colon. */
function isDelimiter(code: number): boolean {
  if (code < 0x30) return code === 0x09 || code >= 0x20
  if (code <= 0x5a) return code >= 0x3b && code <= 0x40
  return code <= 0x60 || (code >= 0x7b && code <= 0x7e)
}

/**
 * Step 2: a token is the first of the four productions that it fits and that is still open. Only
 * the month begins with something else than a digit.
 */
function readToken(token: string, found: Found): void {
  const digits = leadingDigits(token)
  if (digits === 0) {
    const month = token.length < 3 ? -1 : MONTHS.indexOf(token.slice(0, 3).toLowerCase())
    if (found.month === null && month % 3 === 0) found.month = month / 3
    return
  }
  if (found.time === null && digits <= 2 && token[digits] === ':') {
    const time = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D|$)/.exec(token)
    if (time !== null) {
      found.time = [Number(time[1]), Number(time[2]), Number(time[3])]
      return
    }
  }
  if (found.day === null && digits <= 2) found.day = Number(token.slice(0, digits))
  else if (found.year === null && digits >= 2 && digits <= 4) {
    found.year = Number(token.slice(0, digits))
  }
}

function leadingDigits(token: string): number {
  let count = 0
  while (count < token.length && token.charCodeAt(count) >= 0x30 && token.charCodeAt(count) <= 0x39)
    count += 1
  return count
}

/** Steps 3 and 4: two digits are 1970 to 2069. */
function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900
  return year >= 0 && year <= 69 ? year + 2000 : year
}
