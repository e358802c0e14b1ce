/** When a session saves a jar: after the calls that changed it, one save at a time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyJar } from '../../src/empty-jar.ts'
import { JarSaver } from '../../src/jar-saver.ts'
import type { CookieStore } from '../../src/types.ts'

test('a call does not wait for its jar, unless nothing may go on after it', async () => {
  const jar = slowJar()
  const saver = new JarSaver()
  jar.change()
  assert.equal(await saver.after(Promise.resolve(1), jar, false), 1)
  assert.deepEqual([jar.begun, jar.changed], [1, true])
  jar.finish()
  await saver.save(jar)
  assert.deepEqual([jar.begun, jar.changed], [1, false])
  jar.change()
  let over = false
  const within = saver.after(Promise.resolve(2), jar, true).finally(() => {
    over = true
  })
  await turns()
  assert.deepEqual([jar.begun, over], [2, false])
  jar.finish()
  assert.equal(await within, 2)
})

test('a call that fails has its cookies saved, too, and an unchanged jar is left alone', async () => {
  const jar = slowJar()
  const saver = new JarSaver()
  await saver.after(Promise.resolve(), jar, true)
  assert.equal(jar.begun, 0)
  jar.change()
  await assert.rejects(saver.after(Promise.reject(new RangeError()), jar, false), RangeError)
  assert.equal(jar.begun, 1)
  jar.finish()
})

test('what changes during a save is written by the next, once for all who wait', async () => {
  const jar = slowJar()
  const saver = new JarSaver()
  jar.change()
  const first = saver.save(jar)
  jar.change()
  const others = [saver.save(jar), saver.save(jar), saver.save(jar)]
  await turns()
  assert.equal(jar.begun, 1)
  jar.finish()
  await first
  await turns()
  assert.equal(jar.begun, 2)
  jar.finish()
  await Promise.all(others)
  assert.deepEqual([jar.begun, jar.changed], [2, false])
})

test('a storage that fails fails no call, and the next save tries again', async () => {
  const jar = slowJar()
  const saver = new JarSaver()
  jar.change()
  await saver.after(Promise.resolve(), jar, false)
  jar.fail(new RangeError('full'))
  await turns()
  const again = saver.save(jar)
  await turns()
  jar.fail(new RangeError('still full'))
  await assert.rejects(again, { message: 'still full' })
  const last = saver.save(jar)
  await turns()
  jar.finish()
  await last
  assert.equal(jar.begun, 3)
})

interface SlowJar extends CookieStore {
  readonly changed: boolean
  readonly begun: number
  change(): void
  finish(): void
  fail(error: Error): void
}

/** Its saves end when the test says so; what changed meanwhile is still to be saved. */
function slowJar(): SlowJar {
  let version = 0
  let saved = 0
  let begun = 0
  let end: { resolve: () => void; reject: (error: Error) => void } | null = null
  const own = {
    get changed() {
      return version > saved
    },
    get begun() {
      return begun
    },
    change: () => {
      version += 1
    },
    finish: () => end?.resolve(),
    fail: (error: Error) => end?.reject(error),
    save: async () => {
      const writing = version
      begun += 1
      await new Promise<void>((resolve, reject) => {
        end = { resolve, reject }
      })
      saved = writing
    },
  }
  return Object.defineProperties(own, Object.getOwnPropertyDescriptors(emptyJar())) as SlowJar
}

/** Lets everything go on that waits for nothing but promises. */
async function turns(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
}
