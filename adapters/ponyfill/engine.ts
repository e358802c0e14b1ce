/** Which of its two shapes a `fetch` of cross-fetch will have: asked before it is loaded. */

/** With XMLHttpRequest (React Native, old browsers) it is made of that, with all its limits; without
 *  (Node) it is node-fetch over sockets. */
export function hasXHR(): boolean {
  return typeof XMLHttpRequest !== 'undefined'
}
