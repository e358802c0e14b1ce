/** Where an example runs: a real Node, Deno, Bun, workerd or Chromium, with the installed package. */
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { launchBrowser } from '../../test-browser/launch.ts'
import { bundleForWorkerd } from '../harness/launch-bundle.ts'
import type { Tools } from '../harness/launch-job.ts'
import type { Processes } from '../harness/launch-process.ts'
import { listening } from '../harness/launch-workerd.ts'
import type { Block, Place } from './blocks.ts'

export interface ExampleJob {
  readonly tools: Tools
  readonly project: string
  /** The current folder of the example. */
  readonly folder: string
  readonly processes: Processes
  readonly block: Block
}

const LIMIT_MS = 30_000

export const PLACES: Readonly<Record<Place, (job: ExampleJob) => Promise<void>>> = {
  node: (job) => runProcess(job, process.execPath, []),
  bun: (job) => runProcess(job, job.tools.binary('bun'), ['--no-install']),
  deno: (job) =>
    runProcess(job, job.tools.binary('deno'), [
      ...['run', '--no-check', '--no-lock', '--no-prompt', '--node-modules-dir=manual'],
      ...['--allow-net', '--allow-read=.', '--allow-write=.'],
    ]),
  worker: runWorker,
  page: runPage,
}

async function runProcess(
  job: ExampleJob,
  command: string,
  args: readonly string[],
): Promise<void> {
  const file = join(job.folder, 'example.mjs')
  await build({
    stdin: { contents: job.block.code, loader: 'ts', resolveDir: job.project },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  const running = job.processes.start(command, [...args, file], { cwd: job.folder })
  running.child.stdin?.end()
  const code = await within(running.exited, () => running.stop())
  if (code !== 0) throw new Error(`ended with ${String(code)}\n${running.tail()}`)
}

/** The worker answers one request, with a status that is no failure. */
async function runWorker({ tools, project, folder, processes, block }: ExampleJob): Promise<void> {
  const source = join(folder, 'example.ts')
  await writeFile(source, block.code)
  const entry = relative(tools.root, source)
  await bundleForWorkerd({ root: tools.root, project, entry, outfile: join(folder, 'worker.mjs') })
  await copyFile(join(tools.root, 'test/drivers/workerd-store.mjs'), join(folder, 'store.mjs'))
  const config = join(folder, 'config.capnp')
  const capnp = await readFile(join(tools.root, 'test/drivers/workerd.capnp'), 'utf8')
  await writeFile(config, capnp.replace(', trustedCertificates = [embed "ca.pem"]', ''))
  const running = processes.start(tools.binary('workerd'), ['serve', '--control-fd=3', config], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const port = await listening(running)
  const answer = await within(fetch(`http://127.0.0.1:${String(port)}/`), () => running.stop())
  const text = await answer.text()
  await running.stop()
  if (!answer.ok) throw new Error(`answered ${String(answer.status)}: ${text}`)
}

/** A page with the stand-alone bundle beside it; its body has to have got some text. */
async function runPage({ tools, folder, block }: ExampleJob): Promise<void> {
  const script = join(folder, 'ubiquest.min.js')
  await copyFile(join(tools.root, 'dist/ubiquest.min.js'), script)
  const bundle = await readFile(script)
  const server = createServer((request, response) => {
    const isScript = request.url === '/ubiquest.min.js'
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? bundle : `<!doctype html><body></body>${block.code}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has an address of this shape.
  const { port } = server.address() as AddressInfo
  const browser = await launchBrowser('chromium', tools)
  try {
    const page = await browser.newPage()
    const failed = new Promise<never>((_, reject) => {
      page.on('pageerror', reject)
    })
    failed.catch(() => undefined)
    await page.goto(`http://127.0.0.1:${String(port)}/`)
    // Setting the text of the body takes the script of the example out of it.
    const filled = page.waitForFunction(
      () => document.body.textContent !== '' && document.body.querySelector('script') === null,
    )
    await Promise.race([filled, failed])
  } finally {
    await browser.close()
    server.close()
  }
}

async function within<T>(work: Promise<T>, onLimit: () => Promise<void>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      void onLimit()
      reject(new Error(`took longer than ${String(LIMIT_MS)} milliseconds`))
    }, LIMIT_MS)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
