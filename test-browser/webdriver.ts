/** The little of W3C WebDriver that opening a page takes (https://www.w3.org/TR/webdriver2/). */
export interface WebDriverSession {
  visit(url: string): Promise<void>
  /** Types into the first element that the selector finds; into a file input, paths. */
  type(selector: string, text: string): Promise<void>
  close(): Promise<void>
}
export type DriverCapabilities = Readonly<Record<string, unknown>>

const START_LIMIT_MS = 20_000
const COMMAND_LIMIT_MS = 60_000
const POLL_MS = 50

export async function openWebDriver(
  base: string,
  capabilities: DriverCapabilities,
): Promise<WebDriverSession> {
  await ready(base)
  const value = await command(`${base}/session`, 'POST', {
    capabilities: { alwaysMatch: capabilities },
  })
  // §8.1: the value of New Session has the id of the session.
  const { sessionId } = value as { sessionId: string }
  const session = `${base}/session/${sessionId}`
  return {
    visit: async (url) => {
      await command(`${session}/url`, 'POST', { url })
    },
    type: async (selector, text) => {
      const query = { using: 'css selector', value: selector }
      const found = await command(`${session}/element`, 'POST', query)
      // §12.3: an object whose one member is the id of the element.
      const [element = ''] = Object.values(found as Record<string, string>)
      await command(`${session}/element/${element}/value`, 'POST', { text })
    },
    close: async () => {
      await command(session, 'DELETE')
    },
  }
}

/** The driver prints nothing when it listens, so its status is asked for until it answers. */
async function ready(base: string): Promise<void> {
  const end = Date.now() + START_LIMIT_MS
  for (;;) {
    try {
      await command(`${base}/status`, 'GET')
      return
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
}

async function command(url: string, method: string, body?: unknown): Promise<unknown> {
  const signal = AbortSignal.timeout(COMMAND_LIMIT_MS)
  const payload = body === undefined ? {} : { body: JSON.stringify(body) }
  const headers = { 'Content-Type': 'application/json; charset=utf-8' }
  const response = await fetch(url, { method, headers, signal, ...payload })
  // §6.2: every answer is an object with a value; that of a failure has a message.
  const { value } = (await response.json()) as { value: unknown }
  if (response.ok) return value
  throw new Error(`WebDriver ${method} ${new URL(url).pathname}: ${JSON.stringify(value)}`)
}
