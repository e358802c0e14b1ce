/** A process of its own: calls URLs in a session whose jar is in Redis, and prints the answers. */
import { Redis } from 'ioredis'
import { createStorage } from 'unstorage'
import type { Driver } from 'unstorage'
import redisDriver from 'unstorage/drivers/redis'
import { openCookieJar, Session } from '../../../adapters/node/index.ts'
import type { CookieStorage } from '../../../src/cookies/persist.ts'

const [, , path = '', ...urls] = process.argv
// Its types come by way of packages that are not there.
const driver = redisDriver({ path, base: 'jars' }) as Driver
const storage = createStorage({ driver })
const locks = new Redis({ path })

/** What unstorage has, and a lock, as Redis has no read, merge, write in one step. */
const shared: CookieStorage = {
  getItem: (key) => storage.getItem(key),
  setItem: (key, value) => storage.setItem(key, value),
  exclusive: async (task) => {
    while ((await locks.set('jars:lock', process.pid, 'PX', 5000, 'NX')) === null) await pause()
    try {
      return await task()
    } finally {
      await locks.del('jars:lock')
    }
  },
}

const session = new Session({ cookies: await openCookieJar(shared, { key: 'ann' }) })
const answers: string[] = []
for (const url of urls) answers.push(await (await session.get(url)).text())
await session.close()
await storage.dispose()
locks.disconnect()
console.log(JSON.stringify(answers))

async function pause(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, Math.random() * 5)
  })
}
