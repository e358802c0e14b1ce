/** SOCKS 5, byte by byte: what is sent, and what is made of answers of every kind. */
import assert from 'node:assert/strict'
import net from 'node:net'
import { after, before, describe, it } from 'node:test'
import { ConnectFailure, translateError } from '../../../../adapters/undici/errors.ts'
import { socksTunnel } from '../../../../adapters/undici/socks.ts'
import type { Connector, UndiciHost } from '../../../../adapters/undici/shims.ts'
import { ConnectionError, ProxyError } from '../../../../src/errors.ts'
import { listen, wireRequest } from './servers.ts'
import type { Running } from './servers.ts'

/** What the proxy says after so many bytes have come. */
type Script = readonly (readonly [after: number, say: readonly number[]])[]

let running: Running
let script: Script = []
let received: number[] = []
let endAfter = Infinity

const host: UndiciHost = {
  runtime: 'node',
  tellsCertificateFaults: true,
  onRead: null,
  load: () => Promise.reject(new Error('not needed')),
  readFile: () => Promise.reject(new Error('not needed')),
  lookup: (name) => {
    if (name === 'none.test') {
      return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
    }
    const isSix = name === 'six.test'
    const address = isSix ? '2001:db8::1' : '192.0.2.7'
    return Promise.resolve([{ address, family: isSix ? 6 : 4 }])
  },
}

before(async () => {
  running = await listen(
    net.createServer((socket) => {
      const left = [...script]
      socket.on('data', (bytes) => {
        received.push(...bytes)
        for (let next = left[0]; next !== undefined && received.length >= next[0]; next = left[0]) {
          left.shift()
          // One byte at a time: nothing may depend on how they arrive.
          for (const byte of next[1]) socket.write(Uint8Array.of(byte))
        }
        if (received.length >= endAfter) socket.end()
      })
    }),
  )
})
after(async () => {
  await running.close()
})

let dialled = ''
const connect: Connector = ({ hostname }, callback) => {
  dialled = hostname
  const socket = net.connect(running.port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.once('connect', () => {
    // Node's socket has what the interface names, and more.
    callback(null, socket)
  })
  return socket
}

interface Asked {
  readonly scheme?: 'socks5' | 'socks5h'
  readonly at?: string
  readonly username?: string
  readonly password?: string
  readonly says: Script
}

async function tunnel(hostname: string, asked: Asked): Promise<number[]> {
  script = asked.says
  received = []
  const { scheme = 'socks5h', at = '127.0.0.1', username = '', password = '' } = asked
  const url = new URL(`${scheme}://${at}:${String(running.port)}`)
  const open = socksTunnel({ url, username, password }, host, connect)
  const target = { hostname, port: '8443', protocol: 'https:' }
  const socket = await open(target, () => undefined)
  socket.destroy()
  return received
}

const OPEN = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]
const PORT = [0x20, 0xfb]
const text = (value: string): number[] => [...new TextEncoder().encode(value)]

describe('a SOCKS 5 tunnel', () => {
  it('asks for a name, or for the address of one', async () => {
    const says: Script = [
      [3, [5, 0]],
      [4, OPEN],
    ]
    const head = [5, 1, 0, 5, 1, 0]
    const name = [3, 8, ...text('six.test')]
    assert.deepEqual(await tunnel('six.test', { says }), [...head, ...name, ...PORT])
    const six = [4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert.deepEqual(await tunnel('six.test', { says, scheme: 'socks5' }), [
      ...head,
      ...six,
      ...PORT,
    ])
    const four = [1, 192, 0, 2, 7]
    assert.deepEqual(await tunnel('a.test', { says, scheme: 'socks5' }), [
      ...head,
      ...four,
      ...PORT,
    ])
  })

  it('takes addresses of both families for what they are', async () => {
    const says: Script = [
      [3, [5, 0]],
      [4, [5, 0, 0, 3, 4, ...text('here'), 1, 2]],
    ]
    assert.deepEqual((await tunnel('10.0.0.1', { says })).slice(6), [1, 10, 0, 0, 1, ...PORT])
    const six = [4, ...new Array<number>(15).fill(0), 1]
    assert.deepEqual((await tunnel('[::1]', { says })).slice(6), [...six, ...PORT])
    const bound: Script = [
      [3, [5, 0]],
      [4, [5, 0, 0, 4, ...new Array<number>(18).fill(9)]],
    ]
    assert.equal((await tunnel('a.test', { says: bound })).length, 6 + 8 + 2)
  })

  it('is dialled without brackets where its own address is one of IPv6', async () => {
    const says: Script = [
      [3, [5, 0]],
      [4, OPEN],
    ]
    await tunnel('a.test', { says, at: '[::1]' })
    assert.equal(dialled, '::1')
  })

  it('is not to blame for a name that is looked up here and has no address', async () => {
    const request = wireRequest('http://none.test/', {
      proxy: { url: new URL('socks5://proxy.test'), username: '', password: '' },
    })
    const failing = tunnel('none.test', { says: [], scheme: 'socks5' })
    const error = await failing.catch((reason: unknown) => new ConnectFailure('proxy', reason))
    const told = translateError(error, request, 'connect')
    assert.ok(told instanceof ConnectionError && !(told instanceof ProxyError))
    assert.equal(told.code, 'DNS_FAILED')
    assert.match(told.message, /none\.test has no address/)
  })

  it('shows user and password only when it is asked, also a user without one', async () => {
    const says: Script = [
      [4, [5, 2]],
      [9, [1, 0]],
      [11, OPEN],
    ]
    const sent = await tunnel('a.test', { says, username: 'ann' })
    assert.deepEqual(sent.slice(0, 10), [5, 2, 0, 2, 1, 3, ...text('ann'), 0])
    const unasked = await tunnel('a.test', {
      says: [
        [4, [5, 0]],
        [5, OPEN],
      ],
      username: 'ann',
      password: 'secret',
    })
    assert.equal(String.fromCharCode(...unasked).includes('ann'), false)
  })

  it('tells why it was refused', async () => {
    const rows: readonly (readonly [Script, RegExp])[] = [
      [[[3, [5, 0xff]]], /user name and a password/],
      [[[3, [5, 2]]], /user name and a password/],
      [[[3, [4, 0]]], /does not speak SOCKS 5/],
      [[[3, text('HTTP/1.1 400')]], /does not speak SOCKS 5/],
      ...([1, 2, 3, 4, 5, 6, 7, 8, 99] as const).map((code) => {
        const says: Script = [
          [3, [5, 0]],
          [4, [5, code, 0, 1, 0, 0, 0, 0, 0, 0]],
        ]
        return [says, /fail|rules|reached|refuses|long|CONNECT|kind|says 99/] as const
      }),
    ]
    for (const [says, why] of rows)
      await assert.rejects(tunnel('a.test', { says }), { message: why })
    await assert.rejects(tunnel('a.test', { says: [[4, [5, 2]]], username: 'x'.repeat(256) }), {
      message: /SOCKS|255|closed/,
    })
  })

  it('fails when the proxy leaves in the middle', async () => {
    for (const end of [3, 4]) {
      endAfter = end
      const says: Script = end === 3 ? [] : [[3, [5, 0]]]
      await assert.rejects(tunnel('a.test', { says }), { code: 'UND_ERR_SOCKET' })
    }
    endAfter = Infinity
  })
})
