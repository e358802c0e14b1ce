/**
 * Memory given back before the garbage collector would: what a socket reads waits for it in buffers
 * outside of the heap, up to 70 MiB of them while a large body is saved (Node 20, 1 GiB).
 */
import { giveBack } from './read-memory.ts'

type Transfer = (this: ArrayBuffer, length: number) => unknown

/** The chunks are unusable from then on. Those that share their memory with others are left alone. */
export function freeBytes(chunks: readonly Uint8Array[]): void {
  const whole: ArrayBuffer[] = []
  for (const chunk of chunks) {
    if (giveBack(chunk)) continue
    const { buffer, byteLength } = chunk
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) whole.push(buffer)
  }
  // From Node 21 on, in Deno and Bun.
  const transfer = Reflect.get(ArrayBuffer.prototype, 'transfer') as Transfer | undefined
  if (transfer === undefined) post(whole)
  else for (const buffer of whole) transfer.call(buffer, 0)
}

let nowhere: MessagePort | null = null

/** Before Node 21: what is posted to a port whose other end is closed is dropped, memory and all. */
function post(buffers: ArrayBuffer[]): void {
  if (nowhere === null) {
    const { port1, port2 } = new MessageChannel()
    port2.close()
    nowhere = port1
  }
  nowhere.postMessage(null, buffers)
}
