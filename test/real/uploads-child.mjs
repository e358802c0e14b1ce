// The upload that all parsers are to read, sent from whatever runtime this is. Deno, Bun and Node
// run it as `uploads-child.mjs <entry of the library> <folder> <jobs as JSON>`; a Worker imports it.

/** One answer per job `[url, chunked]`: what the parser has read, or what went wrong. */
export async function sendAll(requests, disk, jobs) {
  const outcomes = []
  for (const [url, chunked] of jobs) {
    try {
      const response = await requests.post(url, upload(disk, chunked))
      outcomes.push(response.ok ? await response.json() : { error: await response.text() })
    } catch (error) {
      outcomes.push({ error: `${error.name} ${error.code}: ${error.message}` })
    }
  }
  return outcomes
}

/** @param disk gives a file of the folder. */
function upload(disk, chunked) {
  return {
    data: { text: 'ünïcode\r\nlines', many: ['1', '2'], empty: '' },
    files: {
      disk: disk('größe 日本.bin'),
      none: disk('empty.txt'),
      blob: ['blob.svg', new Blob(['<p>'], { type: 'image/svg+xml' })],
      bytes: ['bytes', chunked ? generate() : new Uint8Array(3_145_728).fill(5)],
    },
  }
}

async function* generate() {
  for (let sent = 0; sent < 3_145_728; sent += 32_768) {
    yield await Promise.resolve(new Uint8Array(32_768).fill(5))
  }
}

const [entry, folder, jobs] = globalThis.Deno?.args ?? globalThis.process?.argv.slice(2) ?? []
if (jobs !== undefined) {
  const requests = await import(entry)
  const disk = (name) => requests.file(`${folder}/${name}`)
  console.log(`@${JSON.stringify(await sendAll(requests, disk, JSON.parse(jobs)))}`)
}
