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

const MONTHS: readonly string[] = [
  'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec',
] // prettier-ignore

/** Milliseconds since the epoch, or null when the text is no cookie-date. */
export function parseCookieDate(text: string): number | null {
  const found: Found = { time: null, day: null, month: null, year: null }
  for (const token of dateTokens(text)) readToken(token, found)
  const { time, day, month } = found
  if (time === null || day === null || month === null || found.year === null) return null
  const year = fullYear(found.year)
  const [hour, minute, second] = time
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return null
  const at = Date.UTC(year, month, day, hour, minute, second)
  // Step 6: a day the month does not have (31 Feb) names no date; Date.UTC would roll it over.
  return new Date(at).getUTCDate() === day ? at : null
}

/** Step 1: everything between delimiters. */
function dateTokens(text: string): string[] {
  return text.split(/[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/).filter((token) => token !== '')
}

/** Step 2: each token is the first of the four productions that it fits and that is still open. */
function readToken(token: string, found: Found): void {
  if (found.time === null) {
    const time = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D|$)/.exec(token)
    if (time !== null) {
      found.time = [Number(time[1]), Number(time[2]), Number(time[3])]
      return
    }
  }
  const digits = /^\d+(?=\D|$)/.exec(token)?.[0]
  if (found.day === null && digits !== undefined && digits.length <= 2) {
    found.day = Number(digits)
    return
  }
  if (found.month === null) {
    const month = MONTHS.indexOf(token.slice(0, 3).toLowerCase())
    if (month !== -1) {
      found.month = month
      return
    }
  }
  if (found.year === null && digits !== undefined && digits.length >= 2 && digits.length <= 4) {
    found.year = Number(digits)
  }
}

/** Steps 3 and 4: two digits are 1970 to 2069. */
function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900
  return year >= 0 && year <= 69 ? year + 2000 : year
}
