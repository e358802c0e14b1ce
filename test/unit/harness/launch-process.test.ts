/** That nothing stays behind: a process ends together with those it started. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Processes } from '../../harness/launch-process.ts'

test('stop ends a process and its children', async () => {
  const processes = new Processes()
  const grandchild = "setInterval(() => {}, 1e6); console.log('pid ' + process.pid)"
  const child = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}],
    { stdio: ['ignore', 'inherit', 'inherit'] }); setInterval(() => {}, 1e6)`
  let heard = (): void => undefined
  const both = new Promise<void>((resolve) => {
    heard = resolve
  })
  const onLine = (): boolean => {
    heard()
    return true
  }
  const { exited } = processes.start(process.execPath, ['-e', child], { onLine })
  await both
  await processes.stop()
  // Both hold the same pipe, and only when both are gone is it closed.
  assert.equal(await exited, 'SIGTERM')
})

test('the exit code and the last lines are kept', async () => {
  const running = new Processes().start(process.execPath, ['-e', 'console.log(1); process.exit(3)'])
  assert.equal(await running.exited, 3)
  assert.equal(running.tail(), '1')
})

test('a program that is not there is an outcome, not a crash', async () => {
  const running = new Processes().start('/no/such/program', [])
  assert.match(String(await running.exited), /ENOENT/)
})
