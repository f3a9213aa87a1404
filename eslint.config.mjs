import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const typescript = ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'];

/** What is deployed: everything under src but the local tenant and the admin's tool. */
const shipped = { files: ['src/**/*.ts'], ignores: ['src/simulator/**', 'src/cli/**'] };

/** Modules of constants that import nothing heavy: decisions and triggers may import them as they are. */
const lightModules = String.raw`\.\./(storage/names|notifications/(handshake|answer-request)|subscription/pending-time|tenant/held-role|schedules|scrub)`;

const noLocalTools = {
  regex: String.raw`(^|/)(simulator|cli)(/|$)`,
  message: 'Shipped code knows neither the local tenant nor the admin’s tool.',
};

const noDynamicLocalTools = {
  selector: String.raw`ImportExpression[source.value=/(^|\u002F)(simulator|cli)(\u002F|$)/]`,
  message: noLocalTools.message,
};

const wholeZod = {
  selector: 'ImportDeclaration[source.value="zod"][importKind="value"] > ImportSpecifier',
  message: 'Write `import * as z`: of `z` as one object a bundle holds everything, in fifty languages.',
};

const restrictImports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});

export default defineConfig(
  globalIgnores(['dist/', 'dist-package*', 'coverage/', '.local/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,

  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        'process console Buffer URL URLSearchParams fetch AbortSignal AbortController setTimeout clearTimeout setInterval clearInterval setImmediate performance structuredClone'
          .split(' ')
          .map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['src/simulator/page/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        'crypto document window location matchMedia EventSource FormData Element Event HTMLElement IntersectionObserver requestAnimationFrame'
          .split(' ')
          .map((name) => [name, 'readonly']),
      ),
    },
  },
  { files: ['*.config.js', '**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },

  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-definitions': 'error',
      // A type import costs nothing at start, and the rules about imports below tell it from the real thing.
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/prefer-optional-chain': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A port may be a promise by contract and have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
    },
  },

  {
    ...shipped,
    rules: {
      'no-console': 'error',
      // A lost promise is a lost photo, so `void` is no way out either.
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      'no-restricted-syntax': ['error', noDynamicLocalTools, wholeZod],
      ...restrictImports(noLocalTools),
    },
  },

  {
    // Loading a trigger must be cheap, because a handshake is answered on a cold start: the slices and the
    // libraries behind them come by `await import()` when there is work to do.
    files: ['src/functions/*.ts'],
    rules: restrictImports(noLocalTools, {
      regex: `^(?!(@azure/functions|${lightModules})$)`,
      allowTypeImports: true,
      message: 'A trigger imports @azure/functions, types and constants; the rest by `await import()`.',
    }),
  },

  {
    // A decision is a function of facts and `now`: the same for a dry run, an explanation and a test.
    files: ['src/**/decide-*.ts'],
    rules: {
      ...restrictImports(noLocalTools, {
        regex: String.raw`^(?!(zod|\./[\w-]+|${lightModules})$)`,
        allowTypeImports: true,
        message: 'A decision imports types, zod, constants and files of its own folder.',
      }),
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'fetch',
          'performance',
          'crypto',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'require',
        ].map((name) => ({ name, message: 'A decision is given its facts.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'A decision is given `now`.' },
        { object: 'Math', property: 'random', message: 'A decision is given its random numbers.' },
      ],
      'no-restricted-syntax': [
        'error',
        wholeZod,
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'A decision is given `now`.',
        },
        { selector: 'CallExpression[callee.name="Date"]', message: 'A decision is given `now`.' },
        { selector: 'ImportExpression', message: 'A decision loads nothing.' },
        { selector: ':function[async=true]', message: 'A decision waits for nothing.' },
      ],
    },
  },

  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // Jest's asymmetric matchers and `response.json()` are `any`; writing `any` oneself stays an error.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
);
