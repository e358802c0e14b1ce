/**
 * Guarantee 23: no regular expression of ours takes more than linear time. Each literal is found by
 * the TypeScript parser and matched against hostile texts; a quadratic one would need 10^10 steps
 * and is stopped by the interpreter, a linear one needs some milliseconds of its five seconds.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import ts from 'typescript'

const LONG = 1_000_000
const SHORT = 200_000
const LIMIT_MS = 5000
const USUAL = Array.from(' \t\r\n0aA=;,"\'\\/.:%-@?<&\u00e9\u2028')

interface Found {
  readonly file: string
  readonly literal: string
}

function literalsIn(file: string): Found[] {
  const found: Found[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push({ file, literal: node.text })
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest))
  return found
}

function sources(): string[] {
  return ['src', 'adapters'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => `${folder}/${name}`),
  )
}

/** Runs inside the interpreter that can be stopped: texts made of what the literal speaks of. */
const ATTACK = `
  const source = literal.slice(1, literal.lastIndexOf('/'))
  const words = [...new Set(source.match(/[A-Za-z0-9-]{2,}/g) ?? [])].slice(0, 6)
  const letters = [...new Set([...source].filter((each) => !'()[]{}|^$*+?'.includes(each)))]
  const single = [...new Set([...usual, ...letters])]
  const expression = eval(literal)
  // A global one matches at every place: a tenth is as telling, and kinder to the machine.
  const size = expression.global ? 0.1 : 1
  const run = (text) => {
    last = text.slice(0, 12)
    if (expression.global) text.replace(expression, '')
    else expression.test(text)
  }
  for (const each of single) run(each.repeat(long * size) + '\\0')
  for (const each of [...single, ...words])
    for (const other of [...usual.slice(0, 8), ...words])
      run((each + other).repeat((short * size) / (each + other).length) + '\\0')
  for (const word of words)
    for (const each of single) run(word + each.repeat(short * size) + '\\0')
  for (const each of letters) for (const other of usual) run(each + other.repeat(short * size) + '\\0')
`

const all = sources().flatMap(literalsIn)

test('the literals are found', () => {
  assert.ok(all.length > 80, String(all.length))
})

for (const { file, literal } of all) {
  test(`${file}: ${literal} is linear`, () => {
    const context = { literal, usual: USUAL, long: LONG, short: SHORT, last: '' }
    try {
      runInNewContext(ATTACK, context, { timeout: LIMIT_MS })
    } catch (cause) {
      throw new Error(`not linear for texts such as ${JSON.stringify(context.last)}`, { cause })
    }
  })
}
