/**
 * Which header fields and parameters carry credentials by their very purpose (layer 0): the one
 * list. Redirects leave them behind; messages, curl lines and recordings hide them.
 */
/** What stands in the place of a secret. */
export const HIDDEN = '[hidden]'

/** `lower` is in lower case. */
export function isSecretHeader(lower: string): boolean {
  return SECRET_HEADER.test(lower)
}

/** A name in a query, a form or a JSON document whose value is likely to be a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name)
}

const SECRET_NAME =
  /token|secret|passw|pwd|api[-_]?key|signature|^sig$|^key$|auth|credential|session/i

/** RFC 9110 §11, RFC 6265 and its predecessor; conventions that many services share; and the names of
 *  single services whose official clients send a secret under one of their own. */
const SECRET_HEADER =
  /^((proxy-)?authorization|cookie2?|apikey|((x|dd|x-goog)-)?api-key|(csrf|private|job|x-(api|auth|access|session|csrf|xsrf|vault|subscription|amz-security|shopify-access))-token|x-csrftoken|(ocp-apim-subscription|x-(auth|functions|rapidapi))-key)$/
