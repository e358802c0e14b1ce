/** IP addresses and networks as text and as numbers (layer 0), by RFC 4291, RFC 4632 and the URL parser. */
import { parseOrNull } from './url.ts'

export interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

/**
 * The networks that are not of the public internet: IANA's registries of special-purpose addresses
 * (RFC 6890) where "Globally Reachable" is not true, multicast, and 6to4, which leads into any of them.
 */
const SPECIAL = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
]
/** What is assigned as global unicast (RFC 4291 §2.4); the rest is local, multicast or nobody's. */
const GLOBAL = '2000::/3'
/** RFC 6052: an IPv4 address in its last 32 bits. */
const TRANSLATED = '64:ff9b::/96'

/** Whether an address belongs to the public internet. */
export function isPublicAddress(address: Address): boolean {
  if (addressIn(address, TRANSLATED)) {
    return isPublicAddress({ bits: 32, value: address.value & 0xffffffffn })
  }
  if (address.bits === 128 && !addressIn(address, GLOBAL)) return false
  return !SPECIAL.some((network) => addressIn(address, network))
}

/** @param network in the notation of CIDR; what cannot be read holds no address. */
export function addressIn(address: Address, network: string): boolean {
  const [base = '', length = ''] = network.split('/')
  const host = canonicalHost(base)
  const start = host === null ? null : parseAddress(host)
  if (start === null || !/^\d{1,3}$/.test(length)) return false
  // A mapped network counts its prefix from the 128 bits it was written in.
  const isMapped = start.bits === 32 && base.includes(':')
  const prefix = Number(length) - (isMapped ? 96 : 0)
  if (start.bits !== address.bits || prefix < 0 || prefix > start.bits) return false
  const shift = BigInt(start.bits - prefix)
  return start.value >> shift === address.value >> shift
}

export function sameAddress(one: Address, other: Address): boolean {
  return one.bits === other.bits && one.value === other.value
}

/** As the URL parser spells it: case, IDN, `127.1`, `0x7f000001`, no final dot; null for what is no host. */
export function canonicalHost(name: string): string | null {
  const bare = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name
  const url = parseOrNull(`http://${bare}/`)
  if (url === null || url.pathname !== '/' || url.port !== '') return null
  return withoutDot(url.hostname)
}

/** Of a canonical host; an IPv4 address mapped into IPv6 is that IPv4 address (RFC 4291 §2.5.5.2). */
export function parseAddress(host: string): Address | null {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) {
    return { bits: 32, value: join(host.split('.').map(Number), 8n) }
  }
  if (!host.startsWith('[')) return null
  const [head = '', tail] = host.slice(1, -1).split('::')
  const left = groups(head)
  const right = groups(tail ?? '')
  const gap = tail === undefined ? 0 : 8 - left.length - right.length
  const value = join([...left, ...new Array<number>(gap).fill(0), ...right], 16n)
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value }
}

/** An address and its one text: `127.0.0.1` for `::ffff:7f00:1` too; null for what is none. */
export function readAddress(name: string): (Address & { readonly text: string }) | null {
  const host = canonicalHost(name)
  const address = host === null ? null : parseAddress(host)
  if (host === null || address === null) return null
  if (address.bits === 128) return { ...address, text: host.slice(1, -1) }
  const parts = [24n, 16n, 8n, 0n].map((shift) => String((address.value >> shift) & 0xffn))
  return { ...address, text: parts.join('.') }
}

export function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function join(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n)
}
