/** Browsers by Playwright: its own where they are installed, else Debian's Chromium and Firefox. */
import { existsSync } from 'node:fs'
import type { Browser, BrowserType, LaunchOptions } from 'playwright'
import type { Job, Tools } from '../test/harness/launch-job.ts'
import { openHub } from '../test/harness/launch-hub.ts'
import type { Hub } from '../test/harness/launch-hub.ts'
import { pinCertificates } from './certificates.ts'
import { bundleScripts } from './scripts.ts'

export async function runInBrowser(job: Job): Promise<void> {
  const hub = await openHub(job, await bundleScripts(job))
  try {
    const browser = await launch(job)
    try {
      await visit(job, browser, hub)
    } finally {
      await browser.close()
    }
  } finally {
    hub.close()
  }
}

async function visit(job: Job, browser: Browser, hub: Hub): Promise<void> {
  // Chromium trusts the suite's certificates one by one; the others are told to trust everything.
  const context = await browser.newContext({ ignoreHTTPSErrors: job.target !== 'chromium' })
  const page = await context.newPage()
  const crashed = new Promise<never>((_, reject) => {
    page.on('crash', () => {
      reject(new Error('the page crashed'))
    })
    browser.on('disconnected', () => {
      reject(new Error('the browser ended'))
    })
  })
  crashed.catch(() => undefined)
  await page.goto(hub.url)
  await Promise.race([hub.ended, crashed])
}

async function launch(job: Job): Promise<Browser> {
  if (job.target !== 'chromium') return await launchBrowser(job.target, job.tools)
  const pins = await pinCertificates(job.servers)
  return await launchBrowser('chromium', job.tools, [
    `--ignore-certificate-errors-spki-list=${pins}`,
  ])
}

/** @param extra further arguments for Chromium. */
export async function launchBrowser(
  name: string,
  tools: Tools,
  extra: readonly string[] = [],
): Promise<Browser> {
  const { chromium, firefox, webkit } = await import('playwright')
  const system = tools.systemBrowser(name)
  if (name === 'webkit') return await webkit.launch(optionsFor(webkit, SIGNALS, system))
  if (name === 'firefox') return await firefox.launch(optionsFor(firefox, FIREFOX, system))
  const args = [...CHROMIUM_ARGUMENTS, ...extra]
  return await chromium.launch(optionsFor(chromium, { ...SIGNALS, args }, system))
}

// The launcher ends its jobs by itself; Playwright would end the launcher.
const SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }
const FIREFOX: LaunchOptions = { ...SIGNALS, channel: 'moz-firefox' }
const CHROMIUM_ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  '--disable-background-networking',
]

/** `forSystem` is what a system's Firefox needs and Playwright's own does not. */
function optionsFor(
  type: BrowserType,
  options: LaunchOptions,
  executablePath: string | null,
): LaunchOptions {
  const { channel, ...own } = options
  if (existsSync(type.executablePath())) return own
  if (executablePath === null) throw new Error(`${type.name()} is not installed`)
  return channel === undefined ? { ...own, executablePath } : { ...own, channel, executablePath }
}
