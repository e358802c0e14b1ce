/** What `/echo` of the test server answers, and short ways to look at it. */
import type { Response } from '../../src/response.ts'
import { equal } from '../harness/assert.ts'

export interface Echo {
  readonly method: string
  readonly url: string
  readonly args: readonly (readonly [string, string])[]
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly bodyBase64: string | null
  readonly bodyLength: number
  readonly bodySha256: string
  readonly framing: {
    readonly contentLength: string | null
    readonly transferEncoding: string | null
  }
  readonly httpVersion: string
  readonly connection: number
  readonly requestOnConnection: number
}

export async function readEcho(response: Response): Promise<Echo> {
  equal(response.status, 200, 'status of /echo')
  return response.json<Echo>()
}

/** All values of one header, whatever its case. */
export function sent(echo: Echo, name: string): string[] {
  return echo.headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
}

export function bodyText(echo: Echo): string {
  return new TextDecoder().decode(fromBase64(echo.bodyBase64))
}

/** Not every engine under test has `atob`. */
export function fromBase64(text: string | null): Uint8Array<ArrayBuffer> {
  const digits = (text ?? '').replace(/=+$/, '')
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  for (let at = 0, bits = 0, held = 0, index = 0; index < digits.length; index++) {
    held = (held << 6) | ALPHABET.indexOf(digits.charAt(index))
    bits += 6
    if (bits >= 8) bytes[at++] = (held >> (bits -= 8)) & 0xff
    held &= 0xffff
  }
  return bytes
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
