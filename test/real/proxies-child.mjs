// One process of a runtime, with an environment of its own: sends what it is told, prints what came.
// Arguments: the entry of the library, the jobs as JSON.
const args = globalThis.Deno?.args ?? process.argv.slice(2)
const requests = await import(args[0])
const outcomes = []
for (const { url, options = {}, session: defaults = {} } of JSON.parse(args[1])) {
  const session = new requests.Session(defaults)
  outcomes.push(await attempt(session, url, options))
  await session.close()
}
console.log(`@${JSON.stringify(outcomes)}`)

async function attempt(session, url, options) {
  try {
    return { status: (await session.get(url, { timeout: 10_000, ...options })).status }
  } catch (error) {
    return { error: error.name, code: error.code, message: error.message }
  }
}
