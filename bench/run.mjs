// `node bench/run.mjs <name> [options]`: runs `bench/<name>.mjs` over the built package.
// Without a name: those of docs/benchmarks.md.
const [name = 'all', ...args] = process.argv.slice(2)
if (!/^[\w-]+$/.test(name)) {
  console.error('Which benchmark? node bench/run.mjs <name>, where bench/<name>.mjs is one.')
  process.exit(2)
}
const { main } = await import(`./${name}.mjs`)
await main(args)
