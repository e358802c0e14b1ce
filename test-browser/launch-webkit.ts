/** WebKitGTK's MiniBrowser on a display of Xvfb's: as people start it, or driven by WebKitWebDriver. */
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { openHub } from '../test/harness/launch-hub.ts'
import type { Job } from '../test/harness/launch-job.ts'
import type { Processes, Running } from '../test/harness/launch-process.ts'
import { runInBrowser } from './launch.ts'
import { bundleScripts } from './scripts.ts'
import { openWebDriver } from './webdriver.ts'
import type { WebDriverSession } from './webdriver.ts'
import { freePort } from '../test/harness/free-port.ts'

export async function runInWebKit(job: Job): Promise<void> {
  const binary = job.tools.miniBrowser()
  // Elsewhere than on Debian there may be Playwright's own WebKit.
  if (binary === null) {
    await runInBrowser(job)
    return
  }
  const hub = await openHub(job, await bundleScripts(job))
  try {
    const running = job.processes.start(binary, [...BROWSER_ARGUMENTS, hub.url], {
      env: { ...process.env, ...(await environment(job.processes)), ...(await freshHome(job)) },
    })
    await Promise.race([hub.ended, running.exited.then(() => fail('MiniBrowser', running))])
    await running.stop()
  } finally {
    hub.close()
  }
}

/**
 * WebDriver's `--automation` gives an ephemeral context, and such a one has no private file system.
 * The page needs no driver: it fetches what it is to do, and posts what came of it.
 */
const BROWSER_ARGUMENTS = [
  '--ignore-tls-errors',
  // Safari has them on since version 26, WebKitGTK 2.50 has them off.
  '--features=+FileSystem,+FileSystemWritableStream,+StorageAPI,+AccessHandle',
]

/** Nothing of an earlier run, nor of the person whose machine this is. */
async function freshHome({ folder }: Job): Promise<NodeJS.ProcessEnv> {
  const home = join(folder, 'home')
  const folders = { HOME: '', XDG_DATA_HOME: 'data', XDG_CACHE_HOME: 'cache' }
  const all = { ...folders, XDG_CONFIG_HOME: 'config', XDG_STATE_HOME: 'state' }
  const paths = Object.entries(all).map(([name, path]) => [name, join(home, path)] as const)
  for (const [, path] of paths) await mkdir(path, { recursive: true })
  return Object.fromEntries(paths)
}

/** A session in a MiniBrowser of its own; it ends with the processes. */
export async function openWebKit(
  processes: Processes,
  driver: string,
  binary: string,
): Promise<{ session: WebDriverSession; running: Running }> {
  const port = await freePort()
  const running = processes.start(driver, [`--port=${String(port)}`], {
    env: { ...process.env, ...(await environment(processes)) },
  })
  const options = { binary, args: ['--automation'] }
  const session = await openWebDriver(`http://127.0.0.1:${String(port)}`, {
    acceptInsecureCerts: true,
    'webkitgtk:browserOptions': options,
  })
  return { session, running }
}

/** Its sandbox needs a user that is not root; compositing needs a graphics card. */
async function environment(processes: Processes): Promise<NodeJS.ProcessEnv> {
  const root = process.getuid?.() === 0
  return {
    DISPLAY: process.env['DISPLAY'] ?? (await startDisplay(processes)),
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    ...(root ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
  }
}

/** Xvfb chooses a free number by itself and tells it on the file descriptor of `-displayfd`. */
async function startDisplay(processes: Processes): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp']
  const running = processes.start('Xvfb', args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const told = running.child.stdio[3]
  return await new Promise((resolve, reject) => {
    void running.exited.then(() => {
      reject(new Error(`Xvfb did not start:\n${running.tail()}`))
    })
    // An extra 'pipe' can be read and written.
    if (told)
      createInterface(told as Readable).once('line', (line) => {
        resolve(`:${line.trim()}`)
      })
  })
}

function fail(name: string, running: Running): never {
  throw new Error(`${name} ended:\n${running.tail()}`)
}
