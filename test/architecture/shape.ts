/** The rules about the shape of the code: sizes, names, and syntax that is left alone. */
import ts from 'typescript'
import { filesIn, lineOf, parse, syntaxRule } from './tree.ts'
import type { Rule } from './tree.ts'

const CODE = ['src', 'adapters']
const EVERYTHING = [...CODE, 'test', 'test-browser', 'bench', 'examples']

const MAX_FILE_LINES = 300
const MAX_FUNCTION_LINES = 40
const MAX_PARAMETERS = 4
const BANNED_NAME = /(^|\/)(utils?|helpers?|commons?)(\.ts$|\/)/

export const filesAreShort: Rule = (tree) =>
  filesIn(tree, EVERYTHING)
    .map(([path, text]) => [path, text.trimEnd().split('\n').length] as const)
    .filter(([, lines]) => lines > MAX_FILE_LINES)
    .map(([path, lines]) => `${path} has ${String(lines)} lines of ${String(MAX_FILE_LINES)}`)

export const filesAreNamedForWhatTheyKnow: Rule = (tree) =>
  filesIn(tree, EVERYTHING).flatMap(([path]) => {
    if (BANNED_NAME.test(path)) return [`${path}: name the file after what it knows`]
    const name = path.split('/').at(-1) ?? ''
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z-]+)*\.ts$/.test(name)
    return kebab ? [] : [`${path} is not in kebab-case`]
  })

export const filesBeginWithAComment: Rule = (tree) =>
  filesIn(tree, EVERYTHING)
    .filter(([, text]) => !/^\/[/*]/.test(text))
    .map(([path]) => `${path}:1 has no comment that says what the file knows`)

export const functionsAreShort: Rule = syntaxRule(CODE, (node, file) => {
  if (!isFunction(node) || node.body === undefined) return null
  const end = file.getLineAndCharacterOfPosition(node.getEnd()).line + 1
  const lines = end - lineOf(file, node) + 1
  if (lines <= MAX_FUNCTION_LINES) return null
  return `a function has ${String(lines)} lines of ${String(MAX_FUNCTION_LINES)}`
})

export const functionsTakeFewParameters: Rule = syntaxRule(CODE, (node) => {
  if (!isFunction(node)) return null
  const count = node.parameters.filter((each) => each.name.getText() !== 'this').length
  if (count <= MAX_PARAMETERS) return null
  return `a function has ${String(count)} parameters of ${String(MAX_PARAMETERS)}`
})

export const noAny: Rule = syntaxRule(CODE, (node) =>
  node.kind === ts.SyntaxKind.AnyKeyword ? 'says any' : null,
)

export const noDefaultExport: Rule = syntaxRule(CODE, (node, _file, path) => {
  // A declaration file describes what others export.
  if (path.endsWith('.d.ts')) return null
  if (ts.isExportAssignment(node)) return 'has a default export'
  if (node.kind === ts.SyntaxKind.DefaultKeyword && ts.canHaveModifiers(node.parent)) {
    return 'has a default export'
  }
  if (ts.isExportSpecifier(node) && node.name.text === 'default') return 'has a default export'
  return null
})

export const syntaxIsErasable: Rule = syntaxRule(CODE, (node) => {
  if (ts.isEnumDeclaration(node)) return 'has an enum'
  if (ts.isModuleDeclaration(node) && !isAmbient(node)) return 'has a namespace'
  if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) {
    return 'has a parameter property'
  }
  return null
})

export const noNonNullAssertion: Rule = syntaxRule(CODE, (node) =>
  ts.isNonNullExpression(node) ? 'has a non-null assertion' : null,
)

export const nothingIsSilenced: Rule = (tree) =>
  filesIn(tree, CODE).flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) => {
      const found = /@ts-(ignore|nocheck|expect-error)|eslint-disable/.exec(line)
      return found === null ? [] : [`${path}:${String(index + 1)} silences a tool: ${found[0]}`]
    }),
  )

/** Every statement at module scope declares something: nothing runs on import. */
export const nothingRunsOnImport: Rule = (tree) =>
  filesIn(tree, CODE).flatMap(([path, text]) => {
    const file = parse(path, text)
    return file.statements
      .filter((statement) => !isDeclaration(statement))
      .map((statement) => `${path}:${String(lineOf(file, statement))} runs at module scope`)
  })

type FunctionNode = ts.SignatureDeclaration & { readonly body?: ts.Node }

function isFunction(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node)
}

/** `declare global` and `declare module` describe, they make nothing. */
function isAmbient(node: ts.ModuleDeclaration): boolean {
  return node.modifiers?.some((each) => each.kind === ts.SyntaxKind.DeclareKeyword) ?? false
}

function isDeclaration(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isModuleDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isExportAssignment(statement) ||
    (ts.isVariableStatement(statement) && !awaits(statement))
  )
}

function awaits(statement: ts.VariableStatement): boolean {
  return statement.declarationList.declarations.some(
    (each) => each.initializer !== undefined && ts.isAwaitExpression(each.initializer),
  )
}
