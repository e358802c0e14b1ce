/** Addresses as text and as numbers, and which of them are of the public internet. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressIn, isPublicAddress, parseAddress, readAddress } from '../../src/addresses.ts'
import type { Address } from '../../src/addresses.ts'

function address(text: string): Address {
  const parsed = parseAddress(text.includes(':') ? `[${text}]` : text)
  assert.ok(parsed !== null, text)
  return parsed
}

test('one spelling for each address', () => {
  const spellings: readonly (readonly [string, string | null])[] = [
    ['127.0.0.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:7f00:1', '127.0.0.1'],
    ['2001:0DB8:0::1', '2001:db8::1'],
    ['[::1]', '::1'],
    ['fe80::1%eth0', null],
    ['example.com', null],
    ['', null],
    ['127.0.0.1/8', null],
  ]
  for (const [given, expected] of spellings) {
    assert.equal(readAddress(given)?.text ?? null, expected, given)
  }
})

test('special addresses, to the edges of their networks, are not of the public internet', () => {
  const special = [
    ...['0.0.0.0', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255', '127.0.0.1'],
    ...['169.254.169.254', '172.16.0.0', '172.31.255.255', '192.0.0.1', '192.0.2.1'],
    ...['192.168.0.0', '192.168.255.255', '198.18.0.0', '198.19.255.255', '198.51.100.7'],
    ...['203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.0', '255.255.255.255'],
    ...['::', '::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'ff02::1', '2001::1', '2001:db8::1'],
    ...['2002:7f00:1::', '3fff::1', '64:ff9b::a00:1', '64:ff9b:1::808:808', '100::1', '4000::1'],
  ]
  for (const each of special) assert.equal(isPublicAddress(address(each)), false, each)
  const open = [
    ...['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
    ...['128.0.0.0', '169.253.255.255', '172.15.255.255', '172.32.0.0', '192.167.255.255'],
    ...['192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
    ...['2606:4700:4700::1111', '2a00:1450::1', '2001:200::1', '3ffe::1', '64:ff9b::808:808'],
  ]
  for (const each of open) assert.equal(isPublicAddress(address(each)), true, each)
})

test('a network that cannot be read holds no address', () => {
  const one = address('10.1.2.3')
  assert.equal(addressIn(one, '10.0.0.0/8'), true)
  assert.equal(addressIn(one, '::ffff:10.0.0.0/104'), true)
  for (const network of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/x', 'x/8', '::/0']) {
    assert.equal(addressIn(one, network), false, network)
  }
})
