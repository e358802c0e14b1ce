/** A SOCKS 5 proxy (RFC 1928, RFC 1929) that never leaves loopback, and notes what it was asked. */
import { connect, Server } from 'node:net'
import type { Socket } from 'node:net'
import { listen } from './listeners.ts'
import type { Listener } from './listeners.ts'
import type { ProxyOptions } from './proxy.ts'

export async function listenSocks(options: ProxyOptions): Promise<Listener> {
  const server = new Server()
  server.on('connection', (client: Socket) => {
    client.on('error', () => undefined)
    talk(client, options).catch(() => client.destroy())
  })
  return listen(server)
}

/** A host that no rule of this proxy allows. */
const FORBIDDEN = 'forbidden.test'

async function talk(client: Socket, { name, log, password }: ProxyOptions): Promise<void> {
  const take = taker(client)
  const [, methods = 0] = await take(2)
  const offered = [...(await take(methods))]
  const method = password === null ? 0 : 2
  client.write(Uint8Array.of(5, offered.includes(method) ? method : 0xff))
  if (!offered.includes(method)) return void client.end()
  const user = password === null ? null : await login(client, take, password)
  const [, , , kind = 0] = await take(4)
  const host = await readHost(kind, take)
  const port = (await take(2)).readUInt16BE()
  log.note({ proxy: name, method: 'SOCKS', target: `${host}:${String(port)}`, user })
  if (host === FORBIDDEN) return void client.end(reply(2))
  const upstream = connect({ host: '127.0.0.1', port })
  upstream.once('connect', () => {
    client.write(reply(0))
    upstream.pipe(client)
    client.pipe(upstream)
  })
  upstream.once('error', () => client.end(reply(5)))
  client.once('close', () => upstream.destroy())
}

async function login(client: Socket, take: Take, password: string): Promise<string> {
  const [, userLength = 0] = await take(2)
  const user = (await take(userLength)).toString()
  const [passwordLength = 0] = await take(1)
  const given = (await take(passwordLength)).toString()
  client.write(Uint8Array.of(1, given === password ? 0 : 1))
  if (given !== password) client.end()
  return user
}

async function readHost(kind: number, take: Take): Promise<string> {
  if (kind === 1) return [...(await take(4))].join('.')
  if (kind === 4) return `[${(await take(16)).toString('hex')}]`
  const [length = 0] = await take(1)
  return (await take(length)).toString()
}

function reply(code: number): Uint8Array {
  return Uint8Array.of(5, code, 0, 1, 0, 0, 0, 0, 0, 0)
}

type Take = (length: number) => Promise<Buffer>

/** Exactly so many bytes; rejects when the client leaves before. */
function taker(client: Socket): Take {
  return async (length) => {
    if (length === 0) return Buffer.alloc(0)
    for (;;) {
      // A socket without an encoding gives buffers.
      const bytes = client.read(length) as Buffer | null
      if (bytes?.length === length) return bytes
      await new Promise<void>((resolve, reject) => {
        client.once('readable', resolve)
        client.once('close', reject)
      })
    }
  }
}
