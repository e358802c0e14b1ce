/** The servers as a process: their URLs as one line of JSON, the end with stdin or SIGTERM. */
import process from 'node:process'
import { startServers } from './servers.ts'

const { servers, close } = await startServers()

let closing = false
async function end(): Promise<void> {
  if (closing) return
  closing = true
  await close()
  process.exit(0)
}

// Whoever started it is gone when the pipe closes, even if it was killed.
process.stdin.on('end', () => void end())
process.stdin.on('close', () => void end())
process.stdin.on('error', () => void end())
process.stdin.resume()
process.on('SIGTERM', () => void end())
process.on('SIGINT', () => void end())

process.stdout.write(`${JSON.stringify(servers)}\n`)
