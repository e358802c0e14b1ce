// One download in a process of its own: `child.mjs url path segments`.
import { download } from '../../dist/adapters/node/index.js'

const [url, path, segments] = process.argv.slice(2)
const result = await download(url, path, { segments: Number(segments) })
console.log(JSON.stringify(result))
