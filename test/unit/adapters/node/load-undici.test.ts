/** Both ways to undici work, and the one that is used leaves the host as it is. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  loadInner,
  loadPublic,
  loadRequired,
  loadUndici,
} from '../../../../adapters/node/load-undici.ts'

function globalDispatchers(): unknown[] {
  return ['1', '2'].map((version): unknown =>
    Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`)),
  )
}

it('loads the inner modules without touching the global dispatcher', async () => {
  const before = globalDispatchers()
  const undici = await loadUndici()
  assert.equal(undici.Client, (await loadInner()).Client)
  assert.deepEqual(globalDispatchers(), before)
})

it('requires what it would import', async () => {
  const { Client, buildConnector } = await loadInner()
  assert.deepEqual(loadRequired(), { Client, buildConnector })
})

it('finds the same in the public entry', async () => {
  const undici = loadPublic()
  const inner = await loadInner()
  assert.equal(undici.Client, inner.Client)
  assert.equal(undici.buildConnector, inner.buildConnector)
})
