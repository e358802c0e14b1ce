/** Undici's modules that are loaded one by one; it declares none of them. */
declare module 'undici/lib/dispatcher/client.js' {
  const Client: import('./shims.ts').Undici['Client']
  export default Client
}
declare module 'undici/lib/core/connect.js' {
  const buildConnector: import('./shims.ts').Undici['buildConnector']
  export default buildConnector
}
