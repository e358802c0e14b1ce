/** `node scripts/docs.mjs [filter]`: every fenced example is checked and run where it belongs. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Tools } from '../harness/launch-job.ts'
import { Processes } from '../harness/launch-process.ts'
import { packAndInstall } from '../harness/pack.ts'
import { findBlocks } from './blocks.ts'
import type { Block } from './blocks.ts'
import { startExampleServer } from './example-server.ts'
import { PLACES } from './places.ts'

const SERVICE = 'https://api.example.com'

export async function main(tools: Tools, [filter = '']: readonly string[]): Promise<number> {
  const blocks = (await findBlocks(tools.root)).filter(({ name }) => name.includes(filter))
  const project = await packAndInstall(tools.root)
  const server = await startExampleServer()
  const processes = new Processes()
  const failures: string[] = []
  try {
    failures.push(...(await checkTypes(tools.root, blocks)))
    for (const block of blocks) {
      const code = block.code.replaceAll(SERVICE, server.url)
      const folder = await workFolder(project)
      const job = { tools, project, folder, processes, block: { ...block, code } }
      const failure = await PLACES[block.place](job).then(
        () => null,
        (error: unknown) =>
          `${block.name}: ${error instanceof Error ? error.message : String(error)}`,
      )
      if (failure !== null) failures.push(failure)
    }
  } finally {
    await processes.stop()
    server.close()
    await rm(project, { recursive: true, force: true })
  }
  for (const failure of failures) console.log(`✗ ${failure}\n`)
  console.log(
    `# pass ${String(blocks.length - failures.length)}\n# fail ${String(failures.length)}`,
  )
  return failures.length === 0 ? 0 : 1
}

/** The files that the examples speak of. */
async function workFolder(project: string): Promise<string> {
  const folder = await mkdtemp(join(project, 'example-'))
  await mkdir(join(folder, 'photos'))
  for (const name of [
    'report.pdf',
    'note.txt',
    'large.bin.old',
    'photos/one.jpg',
    'photos/two.jpg',
  ]) {
    await writeFile(join(folder, name), `the content of ${name}`)
  }
  return folder
}

/** All examples at once, against the sources' types. */
async function checkTypes(root: string, blocks: readonly Block[]): Promise<string[]> {
  const folder = join(root, '.cache/docs')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const named = new Map<string, string>()
  for (const [index, { name, place, code }] of blocks.entries()) {
    if (place === 'page') continue
    const file = `example-${String(index)}.ts`
    named.set(file, name)
    await writeFile(join(folder, file), `${code}\nexport {}\n`)
  }
  const options = {
    noEmit: true,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    incremental: false,
  }
  const config = {
    extends: '../../tsconfig.test.json',
    compilerOptions: options,
    include: ['*.ts'],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = relative(folder, join(root, 'node_modules/typescript/bin/tsc'))
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', folder], { cwd: folder })
    return []
  } catch (error) {
    // `execFile` rejects with an error that has the output.
    const { stdout } = error as { stdout: string }
    return [stdout.replaceAll(/example-\d+\.ts/g, (file) => named.get(file) ?? file)]
  }
}
