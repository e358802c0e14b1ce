/** Deno's platform, as far as it can be seen without Deno. */
import assert from 'node:assert/strict'
import { afterEach, it } from 'node:test'
import { platform } from '../../../../adapters/deno/platform.ts'

const before = Reflect.get(globalThis, 'Deno') as unknown
afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(globalThis, 'Deno')
  else Reflect.set(globalThis, 'Deno', before)
})

it('reads of the environment only what is granted, so that nothing prompts', () => {
  const asked: string[] = []
  Reflect.set(globalThis, 'Deno', {
    env: {
      get(name: string) {
        asked.push(name)
        return `value of ${name}`
      },
    },
    permissions: {
      querySync: ({ variable }: { variable: string }) => ({
        state: variable === 'GRANTED' ? 'granted' : 'prompt',
      }),
    },
  })
  assert.equal(platform.environment?.('GRANTED'), 'value of GRANTED')
  assert.equal(platform.environment?.('HTTP_PROXY'), undefined)
  assert.deepEqual(asked, ['GRANTED'])
})
