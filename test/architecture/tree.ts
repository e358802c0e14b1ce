/** A tree of sources as text, what its rules are, and what each file imports. */
import ts from 'typescript'

/** Path from the root of the repository, with forward slashes, to text. */
export type Tree = Readonly<Record<string, string>>
/** A broken rule: where, and what to do about it. */
export type Violation = string
export type Rule = (tree: Tree) => readonly Violation[]

export interface Import {
  /** As written. */
  readonly specifier: string
  /** The file in the tree, or null for a package or a runtime's module. */
  readonly path: string | null
}

/** Every import and re-export, `import type` and `import()` included. */
export function importsOf(path: string, text: string): readonly Import[] {
  const found: Import[] = []
  walk(parse(path, text), (node) => {
    const specifier = specifierOf(node)
    if (specifier !== null) found.push({ specifier, path: resolve(path, specifier) })
  })
  return found
}

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS)
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => {
    walk(child, visit)
  })
}

export function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
}

/** A rule over the syntax of the files under `folders`, one file at a time. */
export function syntaxRule(
  folders: readonly string[],
  check: (node: ts.Node, file: ts.SourceFile, path: string) => string | null,
): Rule {
  return (tree) => {
    const violations: Violation[] = []
    for (const [path, text] of filesIn(tree, folders)) {
      const file = parse(path, text)
      walk(file, (node) => {
        const message = check(node, file, path)
        if (message !== null) violations.push(`${path}:${String(lineOf(file, node))} ${message}`)
      })
    }
    return violations
  }
}

export function filesIn(
  tree: Tree,
  folders: readonly string[],
): readonly (readonly [path: string, text: string])[] {
  return Object.entries(tree).filter(([path]) =>
    folders.some((folder) => path.startsWith(`${folder}/`)),
  )
}

function specifierOf(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literalText(node.moduleSpecifier)
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return literalText(node.arguments[0])
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literalText(node.argument.literal)
  }
  return null
}

function literalText(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null
}

function resolve(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  return new URL(specifier, `file:///${from}`).pathname.slice(1)
}
