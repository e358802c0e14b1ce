/**
 * Which URLs count as secure (RFC 6265bis leaves it to us, §5.7 step 13 and §5.8.3). https does;
 * so does plain http to this very machine, where nothing crosses a network: `localhost`, 127/8 and
 * ::1, as in Chromium, Firefox and curl. `*.localhost` does not: outside browsers nobody keeps a
 * resolver from sending that name elsewhere.
 */
export function isSecure(url: URL): boolean {
  if (url.protocol === 'https:' || url.protocol === 'wss:') return true
  const host = url.hostname
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
