/** Every rule of the architecture under the sentence that a failing test shows. */
import * as layers from './layers.ts'
import * as runtime from './runtime.ts'
import * as shape from './shape.ts'
import type { Rule } from './tree.ts'

export const rules: Readonly<Record<string, Rule>> = {
  'every file of the core has a layer': layers.everyFileHasALayer,
  'imports go strictly downwards, families keep apart': layers.importsGoDown,
  'there is no cycle': layers.noCycles,
  'the core imports no adapter': layers.coreImportsNoAdapter,
  'every import exists': layers.importsExist,
  'only the chosen packages are imported': layers.packagesAreNamed,
  'every adapter has the same files': layers.adaptersAreAlike,
  'the core imports no module of a runtime': runtime.coreImportsNoRuntime,
  'the core uses no global of a runtime': runtime.coreUsesNoGlobalOfARuntime,
  'files are short': shape.filesAreShort,
  'files are named after what they know': shape.filesAreNamedForWhatTheyKnow,
  'files begin with a comment': shape.filesBeginWithAComment,
  'functions are short': shape.functionsAreShort,
  'functions take few parameters': shape.functionsTakeFewParameters,
  'nothing is any': shape.noAny,
  'there is no default export': shape.noDefaultExport,
  'the syntax is erasable': shape.syntaxIsErasable,
  'there is no non-null assertion': shape.noNonNullAssertion,
  'no tool is silenced': shape.nothingIsSilenced,
  'nothing runs on import': shape.nothingRunsOnImport,
}
