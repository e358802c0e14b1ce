/** The rules that keep runtimes out of the core: no module and no global of one, no timer. */
import ts from 'typescript'
import { filesIn, importsOf, lineOf, parse, walk } from './tree.ts'
import type { Rule, Violation } from './tree.ts'

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval']
/** Not there on every runtime, or different on each; web constructors come through `web.ts`. */
const GLOBALS = new Set([
  ...['Deno', 'Bun', 'process', 'Buffer', 'global', 'require', 'module', '__dirname', '__filename'],
  ...['window', 'document', 'self', 'navigator', 'location', 'localStorage', 'indexedDB', 'caches'],
  ...['fetch', 'Headers', 'Request', 'Response', 'Blob', 'File', 'FormData', 'XMLHttpRequest'],
  ...['ReadableStream', 'WritableStream', 'TransformStream', 'CountQueuingStrategy'],
  ...['CompressionStream', 'DecompressionStream', 'TextDecoderStream', 'TextEncoderStream'],
  ...['AbortController', 'WebSocket', 'EventSource', 'Worker', 'globalThis', ...TIMERS],
])
/** The places that may, and what. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'src/web.ts': ['globalThis'],
  'src/deadline-clock.ts': TIMERS,
  // An engine may lack `crypto`, which only a member of the global object can show.
  'src/body/boundary.ts': ['globalThis'],
  'src/auth/digest.ts': ['globalThis'],
}

export const coreImportsNoRuntime: Rule = (tree) =>
  filesIn(tree, ['src']).flatMap(([path, text]) =>
    importsOf(path, text)
      .filter(({ specifier }) => /^[a-z]+:/.test(specifier) || specifier === 'bun')
      .map(({ specifier }) => `${path} imports ${specifier}`),
  )

export const coreUsesNoGlobalOfARuntime: Rule = (tree) =>
  filesIn(tree, ['src']).flatMap(([path, text]) => globalsUsed(path, text))

function globalsUsed(path: string, text: string): readonly Violation[] {
  const file = parse(path, text)
  const own = namesDeclared(file)
  const allowed = EXCEPTIONS[path] ?? []
  const violations: Violation[] = []
  walk(file, (node) => {
    if (!ts.isIdentifier(node) || !isValue(node)) return
    if (!GLOBALS.has(node.text) || own.has(node.text) || allowed.includes(node.text)) return
    violations.push(`${path}:${String(lineOf(file, node))} uses the global ${node.text}`)
  })
  return violations
}

/** Names the file declares or imports itself, such as our own `Headers`. */
function namesDeclared(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>()
  walk(file, (node) => {
    const declares =
      ts.isClassDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isImportSpecifier(node) ||
      ts.isBindingElement(node)
    if (declares && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text)
  })
  return names
}

/** Not a type, not the name of a member: types describe what callers pass and cost nothing. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isClassElement(parent) || ts.isObjectLiteralElement(parent)) return parent.name !== node
  return !isInType(node)
}

function isInType(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    if (ts.isExpressionWithTypeArguments(at)) return ts.isInterfaceDeclaration(at.parent.parent)
    if (ts.isTypeNode(at) || ts.isInterfaceDeclaration(at) || ts.isTypeAliasDeclaration(at))
      return true
    if (ts.isImportDeclaration(at) || ts.isExportDeclaration(at)) return true
    if (ts.isStatement(at)) return false
  }
  return false
}
