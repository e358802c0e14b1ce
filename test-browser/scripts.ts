/** The scripts that a browser is given: the page with the cases, and a service worker. */
import { join } from 'node:path'
import { bundleForBrowser } from '../test/harness/launch-bundle.ts'
import type { Job } from '../test/harness/launch-job.ts'

/** Files by the path under which the browser asks for them. */
export async function bundleScripts({ tools, project, folder }: Job): Promise<Map<string, string>> {
  const page = join(folder, 'page.js')
  const worker = join(folder, 'worker.js')
  const { root } = tools
  await bundleForBrowser({ root, project, entry: 'test-browser/page.ts', outfile: page })
  await bundleForBrowser({ root, project, entry: 'test-browser/worker.ts', outfile: worker })
  // The folder of its path is what a service worker may control: not the page of the cases.
  return new Map([
    ['/page.js', page],
    ['/worker/script.js', worker],
  ])
}
