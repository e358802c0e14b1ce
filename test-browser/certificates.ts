/** The hashes by which Chromium trusts just the suite's own good certificates (RFC 7469 §2.4). */
import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:tls'
import type { Servers } from '../test/harness/case.ts'

export async function pinCertificates({ https, h2, ca }: Servers): Promise<string> {
  const pins = await Promise.all([https, h2].map(async (url) => await pinOf(new URL(url), ca)))
  return [...new Set(pins)].join(',')
}

async function pinOf({ hostname, port }: URL, ca: string): Promise<string> {
  const socket = connect({ host: hostname, port: Number(port), ca, servername: hostname })
  try {
    await once(socket, 'secureConnect')
    const { publicKey } = new X509Certificate(socket.getPeerCertificate().raw)
    const key = publicKey.export({ type: 'spki', format: 'der' })
    return createHash('sha256').update(key).digest('base64')
  } finally {
    socket.destroy()
  }
}
