// One download in a process of its own: `child.mjs url path segments`, or `save` for response.save().
import { download, get } from '../../dist/node/index.js'

const [url, path, how] = process.argv.slice(2)
if (how === 'save') {
  const headers = { 'Accept-Encoding': 'identity' }
  await (await get(url, { stream: true, headers })).save(path)
} else {
  const result = await download(url, path, { segments: Number(how) })
  console.log(JSON.stringify(result))
}
