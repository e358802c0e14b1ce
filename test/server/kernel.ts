/** What the kernel holds of a connection that nobody reads; Linux tells, others do not. */
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/** Bytes received and not yet read, or 0 where that cannot be known. */
export async function unreadBytes(
  socket: Pick<Socket, 'localPort' | 'remotePort'>,
): Promise<number> {
  const { localPort, remotePort } = socket
  if (localPort === undefined || remotePort === undefined) return 0
  let table = ''
  try {
    table = await readFile('/proc/net/tcp', 'latin1')
  } catch {
    // No such file on this system: what the process has read is all that is known.
    return 0
  }
  // Columns: number, local address, remote address, state, tx_queue:rx_queue; all in hex.
  const [local, remote] = [hexPort(localPort), hexPort(remotePort)]
  const row = new RegExp(
    `^ *\\d+: [0-9A-F]{8}:${local} [0-9A-F]{8}:${remote} .. [0-9A-F]{8}:(\\S{8})`,
    'm',
  )
  const queue = row.exec(table)?.[1]
  return queue === undefined ? 0 : Number.parseInt(queue, 16)
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}
