/** The version (layer 0), the same as in package.json: `scripts/check.mjs` compares them. */
export const VERSION = '0.1.0'
