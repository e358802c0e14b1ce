/** The cookies of a service worker, whose script is `test-browser/worker.ts`. */
import { bytesEqual, equal, notEqual } from '../harness/assert.ts'
import type { Case, Context } from '../harness/case.ts'
import { pattern } from '../harness/pattern.ts'

export const cases: readonly Case[] = [
  {
    name: 'cookies: a service worker logs in, and its requests carry what the browser keeps',
    run: async (context) => {
      if (context.capabilities.cookies) return
      await inWorker(context, async (ask) => {
        equal((await ask('cookies')).runtime, 'browser')
        equal((await ask('login')).account, { user: 'ann', theme: 'dark' })
        // For the page and the worker there is one jar.
        document.cookie = 'theme=blue; Path=/'
        equal((await ask('account')).account, { user: 'ann', theme: 'blue' })
      })
    },
  },
  {
    name: 'cookies: a service worker sees the cookies that script may see',
    run: async (context) => {
      if (context.capabilities.cookies) return
      await inWorker(context, async (ask) => {
        document.cookie = 'page=1; Path=/'
        equal((await ask('cookies')).cookies, { page: '1' })
        // HttpOnly: sent, but for no script to see.
        equal((await ask('login')).cookies, { page: '1', theme: 'dark' })
      })
    },
  },
  {
    name: 'cookies: what a service worker writes goes along with its next request',
    run: async (context) => {
      if (context.capabilities.cookies) return
      await inWorker(context, async (ask) => {
        await ask('login')
        const set = await ask('set', 'light')
        equal(set.saved, 'saved')
        equal(set.account, { user: 'ann', theme: 'light' })
        equal(set.cookies, { theme: 'light' })
        equal(document.cookie, 'theme=light')
        const deleted = await ask('delete')
        equal([deleted.saved, deleted.account], ['saved', { user: 'ann', theme: null }])
        equal(document.cookie, '')
      })
    },
  },
  {
    name: 'cookies: what the browser does not take from a service worker, saving tells',
    run: async (context) => {
      if (context.capabilities.cookies) return
      await inWorker(context, async (ask) => {
        await ask('login')
        const refused = await ask('elsewhere')
        notEqual(refused.saved, 'saved')
        equal(refused.cookies, (await ask('cookies')).cookies)
        const { saved, account } = await ask('set', 'light')
        const theme = saved === 'saved' ? 'light' : 'dark'
        equal(
          [saved, account],
          [saved === 'saved' ? saved : 'UnsupportedError', { user: 'ann', theme }],
        )
      })
    },
  },
  {
    name: 'cookies: a service worker answers its page with a stream of its session',
    run: async (context) => {
      if (context.capabilities.cookies) return
      await inWorker(context, async (_ask, fetched) => {
        const response = await fetched('forward')
        bytesEqual(new Uint8Array(await response.arrayBuffer()), pattern(0, 0, 1_000_000))
      })
    },
  },
]

/** What `test-browser/worker.ts` shows. */
interface Shown {
  readonly runtime: string
  readonly account: unknown
  readonly saved: string
  readonly cookies: Readonly<Record<string, string>>
}
type Ask = (action: string, theme?: string) => Promise<Shown>
type Fetched = (action: string, theme?: string) => Promise<Response>

/** What a frame asks for that the worker controls; afterwards neither worker nor cookie is left. */
async function inWorker(
  { servers }: Context,
  use: (ask: Ask, fetched: Fetched) => Promise<void>,
): Promise<void> {
  const registration = await navigator.serviceWorker.register('/worker/script.js')
  const frame = document.createElement('iframe')
  try {
    await activated(registration)
    const loaded = new Promise((resolve) => {
      frame.addEventListener('load', resolve)
    })
    frame.src = '/worker/frame'
    document.body.append(frame)
    await loaded
    const fetched: Fetched = async (action, theme = '') => {
      const query = new URLSearchParams({ server: servers.http, theme })
      const inFrame = frame.contentWindow?.fetch
      if (inFrame === undefined) throw new Error('the frame is gone')
      return await inFrame(`/worker/${action}?${query.toString()}`)
    }
    // Written by the worker, which shares the shape.
    const ask: Ask = async (action, theme) => (await (await fetched(action, theme)).json()) as Shown
    try {
      await use(ask, fetched)
    } finally {
      await fetched('logout')
      for (const name of ['page', 'theme']) document.cookie = `${name}=; Path=/; Max-Age=0`
    }
  } finally {
    frame.remove()
    await registration.unregister()
  }
}

/** Resolves when the worker may control what is in its folder. */
async function activated({
  active,
  installing,
  waiting,
}: ServiceWorkerRegistration): Promise<void> {
  const worker = active ?? waiting ?? installing
  if (worker === null) throw new Error('no service worker was installed')
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (worker.state === 'activated') resolve()
      if (worker.state === 'redundant') reject(new Error('the service worker was given up'))
    }
    worker.addEventListener('statechange', look)
    look()
  })
}
