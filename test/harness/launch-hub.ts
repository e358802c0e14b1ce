/** A small listener that hands a browser its page and scripts, and takes the results back. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { decodeMessage } from '../drivers/protocol.ts'
import type { DriverSettings } from '../drivers/protocol.ts'
import type { Servers } from './case.ts'
import type { Job } from './launch-job.ts'

export interface Hub {
  readonly url: string
  /** Resolves when the page has gone through its list, or the job is to stop. */
  readonly ended: Promise<void>
  close(): void
}

/** @param scripts files by the path under which the browser asks for them. */
export async function openHub(job: Job, scripts: ReadonlyMap<string, string>): Promise<Hub> {
  let finish = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    finish = resolve
  })
  job.signal.addEventListener('abort', finish)
  if (job.signal.aborted) finish()
  const server = createServer((request, response) => {
    answer(job, scripts, { request, response, finish }).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this shape.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    ended,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly finish: () => void
}

async function answer(
  job: Job,
  scripts: ReadonlyMap<string, string>,
  exchange: Exchange,
): Promise<void> {
  const { request, response, finish } = exchange
  const script = scripts.get(request.url ?? '')
  const { target, servers, only } = job
  if (request.url === '/report') {
    const message = decodeMessage(await text(request))
    if (message !== null) job.report(message)
    response.end()
    if (message?.kind === 'end') finish()
  } else if (request.url === '/settings') {
    const settings: DriverSettings<Servers> = { target, servers, only, temp: null }
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(settings))
  } else if (script !== undefined) {
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8')
    response.end(await readFile(script))
  } else if (request.url === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(PAGE)
  } else response.writeHead(404).end()
}

const PAGE = `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>ubiquest</title>
<script type="module" src="/page.js"></script>
`
