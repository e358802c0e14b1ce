/** The job in a page of a real browser, which is given the files as a person would choose them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleForBrowser } from '../../test/harness/launch-bundle.ts'
import { launchBrowser } from '../../test-browser/launch.ts'
import { openWebKit } from '../../test-browser/launch-webkit.ts'
import type { Message } from './protocol.ts'
import type { Outcome, Start } from './runtimes.ts'

const HTML = `<!doctype html>
<meta charset="utf-8"><title>ubiquest demo</title>
<h1>ubiquest demo</h1>
<input type="file" multiple>
<script type="module" src="/page.js"></script>`

export async function inPlaywright(start: Start): Promise<Outcome> {
  await start.tools.ensureBrowsers([start.runtime])
  const { ended } = await servePage(start)
  const browser = await launchBrowser(start.runtime, start.tools)
  try {
    const page = await browser.newPage()
    await page.goto(start.server.http)
    await page.setInputFiles('input', pathsOf(start))
    await ended
    return { peakMemory: null }
  } finally {
    await browser.close()
  }
}

export async function inWebKit(start: Start): Promise<Outcome> {
  const { tools, server, processes } = start
  await tools.ensureBrowsers(['webkit'])
  const driver = tools.systemBrowser('webkit')
  const binary = tools.miniBrowser()
  if (driver === null || binary === null) return inPlaywright(start)
  const { ended } = await servePage(start)
  const { session } = await openWebKit(processes, driver, binary)
  await session.visit(server.http)
  await session.type('input', pathsOf(start).join('\n'))
  await ended
  await session.close()
  return { peakMemory: null }
}

function pathsOf({ manifest }: Start): string[] {
  return manifest.files.map((file) => file.path)
}

/** `ended` settles when the page has said that it is done. */
async function servePage(start: Start): Promise<{ ended: Promise<void> }> {
  const { tools, project, server, manifest } = start
  const outfile = join(project, 'page.js')
  await bundleForBrowser({ root: tools.root, project, entry: 'examples/demo/page.ts', outfile })
  const script = await readFile(outfile, 'utf8')
  const ended = new Promise<void>((resolve, reject) => {
    const onReport = (body: string): void => {
      // The page shares the type.
      const message = JSON.parse(body) as Message
      start.report(message)
      if (message.kind === 'end') resolve()
      if (message.kind === 'fault') reject(new Error(message.error))
    }
    server.page = { html: HTML, script, manifest: JSON.stringify(manifest), onReport }
  })
  // Nobody listens before the page is open.
  ended.catch(() => undefined)
  return { ended }
}
