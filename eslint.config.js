/** Typed lint over everything written in TypeScript; the core may name no runtime. */
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval']
const RUNTIME_GLOBALS = [
  ...['Deno', 'Bun', 'process', 'Buffer', 'global', 'require', 'module', '__dirname', '__filename'],
  ...['window', 'document', 'self', 'navigator', 'location', 'localStorage', 'indexedDB', 'caches'],
]
const WEB_GLOBALS = [
  ...['fetch', 'Headers', 'Request', 'Response', 'Blob', 'File', 'FormData', 'XMLHttpRequest'],
  ...['ReadableStream', 'WritableStream', 'TransformStream', 'CountQueuingStrategy'],
  ...['CompressionStream', 'DecompressionStream', 'TextDecoderStream', 'TextEncoderStream'],
  ...['AbortController', 'WebSocket', 'EventSource', 'Worker'],
]

/** As values only: types describe what callers pass and cost nothing. */
function restrictGlobals(...names) {
  const message =
    'The core knows no runtime: use src/web.ts, src/deadline-clock.ts or the Platform.'
  const globals = names.map((name) => ({ name, message }))
  return {
    'no-restricted-globals': [
      'error',
      { globals, checkGlobalObject: true, globalObjects: ['globalThis'] },
    ],
  }
}

export default defineConfig(
  globalIgnores(['dist/', '.cache/', 'node_modules/', 'test/vectors/']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'off',
      'no-constructor-return': 'error',
      'no-control-regex': 'off',
      'no-else-return': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-self-compare': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-rename': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // `signal.reason` and what a body source throws are passed on as they are.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/triple-slash-reference': ['error', { path: 'always' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A hook returns a replacement or nothing at all: `void` in a union is what callers need.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // State changes behind an await or a callback, and engines lack what the types promise.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // The readers of the two ports may answer at once or later, and are `async` for their throws.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'adapters/**/*.ts'],
    rules: {
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        { selector: 'TSEnumDeclaration', message: 'Not erasable: use a union of literals.' },
        { selector: 'TSParameterProperty', message: 'Not erasable: declare the member.' },
        {
          selector: ':matches(PropertyDefinition, MethodDefinition)[accessibility="private"]',
          message: 'Use #private.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      ...restrictGlobals(...RUNTIME_GLOBALS, ...WEB_GLOBALS, ...TIMERS),
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^[a-z]+:', message: 'The core imports nothing of a runtime.' },
            { regex: '/adapters/', message: 'The core imports no adapter.' },
          ],
        },
      ],
    },
  },
  {
    // Declarations describe what others export, in the only forms that an ambient module may have.
    files: ['**/*.d.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      'no-restricted-syntax': 'off',
    },
  },
  { files: ['src/web.ts'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['src/deadline-clock.ts'],
    rules: restrictGlobals(...RUNTIME_GLOBALS, ...WEB_GLOBALS),
  },
  {
    files: ['test/**/*.ts', 'test-browser/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
)
