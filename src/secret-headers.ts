/**
 * Which header fields and parameters carry credentials by their very purpose (layer 0): the one
 * list. Redirects leave them behind; messages, curl lines and recordings hide them.
 */
/** What stands in the place of a secret. */
export const HIDDEN = '[hidden]'

/** `lower` is in lower case. */
export function isSecretHeader(lower: string): boolean {
  return SECRET_HEADERS.has(lower)
}

/** A name in a query, a form or a JSON document whose value is likely to be a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}

const SECRET_NAME =
  /token|secret|passw|pwd|api[-_]?key|signature|^sig$|^key$|auth|credential|session/i

const SECRET_HEADERS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  // RFC 9110 §11, RFC 6265 and its predecessor.
  ...['authorization', 'proxy-authorization', 'cookie', 'cookie2'],
  // Conventions that many services share.
  ...['api-key', 'apikey', 'x-api-key', 'x-api-token', 'x-auth-token', 'x-access-token'],
  ...['x-session-token', 'x-csrf-token', 'x-csrftoken', 'x-xsrf-token', 'csrf-token'],
  // Single services whose official clients send a secret under a name of their own.
  ...['x-amz-security-token', 'x-goog-api-key', 'ocp-apim-subscription-key', 'x-functions-key'],
  ...['private-token', 'job-token', 'x-vault-token', 'x-shopify-access-token', 'dd-api-key'],
  ...['x-auth-key', 'x-subscription-token', 'x-rapidapi-key'],
])
