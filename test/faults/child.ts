/** One download in a process of its own, to be killed: `child.mjs url path segments`. */
import { download } from '../../adapters/node/index.ts'

const [url = '', path = '', segments = '1'] = process.argv.slice(2)
const result = await download(url, path, { segments: Number(segments), backoff: 0 })
process.stdout.write(JSON.stringify(result))
