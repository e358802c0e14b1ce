/** What the server knows of the TLS connection a request came on. */
import { TLSSocket } from 'node:tls'
import { sendJson } from '../call.ts'
import type { Routes } from '../call.ts'

/** GET /tls → {protocol, servername, client}: the common name of the client's certificate. */
export const tlsRoutes: Routes = {
  tls: (call) => {
    const { socket } = call.request
    if (!(socket instanceof TLSSocket)) {
      sendJson(call, { protocol: null, servername: null, client: null })
      return
    }
    // Missing in Node's types: what the client asked for by SNI, `false` for nothing.
    const servername: unknown = Reflect.get(socket, 'servername')
    // Empty where the client has shown none.
    const subject = socket.getPeerCertificate().subject as { readonly CN?: string } | undefined
    sendJson(call, {
      protocol: socket.getProtocol(),
      servername: typeof servername === 'string' ? servername : null,
      client: subject?.CN ?? null,
    })
  },
}
