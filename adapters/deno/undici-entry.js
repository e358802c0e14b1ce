// The part of undici that Deno loads: bundled by the build, since the package asks the environment
// for two switches, which Deno refuses or prompts for under `--allow-net` alone.
export { default as buildConnector } from 'undici/lib/core/connect.js'
export { default as Client } from 'undici/lib/dispatcher/client.js'
