/** Bodies saved: into folders, under names that servers suggest, and through file handles. */
import { bytesEqual, equal, present, rejects } from '../harness/assert.ts'
import type { Case } from '../harness/case.ts'
import { pattern } from '../harness/pattern.ts'

/** Content-Disposition, and what may become of it. */
const NAMES: readonly (readonly [disposition: string, name: string])[] = [
  ['attachment; filename="report.txt"', 'report.txt'],
  ["attachment; filename=plain.txt; filename*=UTF-8''na%C3%AFve%20%E2%98%83.txt", 'naïve ☃.txt'],
  ['attachment; filename="../../etc/passwd"', 'passwd'],
  ['attachment; filename="C:\\\\windows\\\\evil.exe"', 'evil.exe'],
  ["attachment; filename*=UTF-8''..%2F..%2Fetc%2Fshadow", 'shadow'],
  ['attachment; filename=".bashrc"', 'bashrc'],
  ['attachment; filename="nul.txt"', '_nul.txt'],
  ['attachment; filename=".."', 'attachment'],
  ['inline', 'attachment (1)'],
]

export const cases: readonly Case[] = [
  {
    name: 'saving: a folder takes the name the server suggests, made safe, and nothing is replaced',
    needs: ['paths'],
    run: async ({ requests, servers, temp }) => {
      present(temp)
      const folder = temp.path('x').slice(0, -2)
      for (const [disposition, name] of NAMES) {
        const response = await requests.get(`${servers.http}/attachment`, {
          params: { disposition },
          stream: true,
        })
        equal(await response.save(folder), temp.path(name), disposition)
      }
      const again = await requests.get(`${servers.http}/attachment?filename=report.txt&size=3`)
      equal(await again.save(folder), temp.path('report (1).txt'))
      equal((await temp.read(temp.path('report.txt'))).length, 10)
      const names = [...NAMES.map(([, name]) => name), 'report (1).txt']
      equal(await temp.list(), names.sort())
    },
  },
  {
    name: 'saving: maxBytes that was asked for holds, the default does not',
    needs: ['paths'],
    run: async ({ requests, servers, temp }) => {
      present(temp)
      const options = { stream: true, maxBytes: 999_999 }
      const limited = await requests.get(`${servers.http}/bytes/1000000`, options)
      await rejects(limited.save(temp.path('a')), requests.errors.BodyTooLargeError)
      equal(await temp.list(), [])
      const bomb = await requests.get(`${servers.http}/gzip?size=50000000&fill=zero`, {
        stream: true,
      })
      await bomb.save(temp.path('zeros'))
      equal((await temp.read(temp.path('zeros'))).length, 50_000_000)
    },
  },
  {
    name: 'saving: a file handle, here of the private file system, holds the whole body or nothing',
    needs: ['fileHandles'],
    run: async ({ requests, servers }) => {
      const root = await navigator.storage.getDirectory()
      const name = `save-${Math.random().toString(36).slice(2)}`
      const folder = await root.getDirectoryHandle(name, { create: true })
      const handle = await folder.getFileHandle('body.bin', { create: true })
      const response = await requests.get(`${servers.http}/bytes/3000000`, { stream: true })
      equal(await response.save(handle), 'body.bin')
      const saved = new Uint8Array(await (await handle.getFile()).arrayBuffer())
      bytesEqual(saved, pattern(0, 0, 3_000_000))
      const limited = await requests.get(`${servers.http}/bytes/3000000`, {
        stream: true,
        maxBytes: 1_000_000,
      })
      await rejects(limited.save(handle), requests.errors.BodyTooLargeError)
      equal((await handle.getFile()).size, 3_000_000)
      const names: string[] = []
      for (let round = 0; round < 2; round++) {
        const attached = await requests.get(`${servers.http}/attachment?filename=a.txt`)
        names.push(await attached.save(folder))
      }
      // Across origins a browser hides Content-Disposition: then the URL names the file.
      equal(names[1], names[0]?.replace(/(\.txt)?$/, ' (1)$1'))
      await root.removeEntry(name, { recursive: true })
    },
  },
]
