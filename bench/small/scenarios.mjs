// What is measured: each scenario is one call of a client (clients.mjs), at some number in flight.

/** `call` is the member of the client; `prepare` is done once before, by those who have a jar. */
export const SCENARIOS = [
  { name: 'get', title: 'GET, one cookie', call: 'get', path: '/json', login: '/login' },
  { name: 'post', title: 'POST of 1 KiB JSON', call: 'post', path: '/json', login: '/login' },
  { name: 'form', title: '20 multipart parts', call: 'form', path: '/json', login: '/login' },
  { name: 'headers', title: '100 answer headers', call: 'get', path: '/headers', login: '/login' },
  {
    name: 'gzip',
    title: 'GET, 2 KiB of JSON in gzip',
    call: 'get',
    path: '/gzip',
    login: '/login',
  },
  { name: 'redirects', title: '3 redirects', call: 'get', path: '/hop1', login: '/login' },
  { name: 'cookies', title: 'GET, 50 cookies', call: 'get', path: '/json', login: '/login50' },
]

export const FORM = Array.from({ length: 20 }, (_, n) => [`field${n}`, 'v'.repeat(100)])
export const DOCUMENT = { text: 'x'.repeat(980), numbers: [1, 2, 3] }

/** What a client without a jar is given, so that all send the same. */
export function cookieHeader(login) {
  if (login === '/login') return 'sid=0123456789abcdef'
  return Array.from({ length: 50 }, (_, n) => `name${n}=value-of-cookie-${n}`).join('; ')
}
