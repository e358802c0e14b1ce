/** What the kernel holds of a connection that nobody reads; Linux tells, others do not. */
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/** Bytes received and not yet read, by the local and remote address and port. */
type Queues = ReadonlyMap<string, number>

/** The table is long on a busy machine: all who ask at about the same time share one reading. */
const SHARED_MS = 25
let shared: { readonly at: number; readonly queues: Promise<Queues> } | null = null

/** Bytes received and not yet read, or 0 where that cannot be known. */
export async function unreadBytes(
  socket: Pick<Socket, 'localPort' | 'remotePort'>,
): Promise<number> {
  const now = performance.now()
  if (shared === null || now - shared.at > SHARED_MS) shared = { at: now, queues: readQueues() }
  const queues = await shared.queues
  return queues.get(`${hexPort(socket.localPort)} ${hexPort(socket.remotePort)}`) ?? 0
}

/** Columns: number, local address, remote address, state, tx_queue:rx_queue; all in hex. */
async function readQueues(): Promise<Queues> {
  const queues = new Map<string, number>()
  let table = ''
  try {
    table = await readFile('/proc/net/tcp', 'latin1')
  } catch {
    // No such file on this system: what the process has read is all that is known.
    return queues
  }
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', remote = '', , lengths = ''] = line.trim().split(/ +/)
    const unread = Number.parseInt(lengths.slice(9), 16)
    if (unread > 0) queues.set(`${local.slice(9)} ${remote.slice(9)}`, unread)
  }
  return queues
}

function hexPort(port = 0): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}
