import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const naturalByRootOnly = {
  name: 'natural',
  message: 'natural prints to stdout when loaded whole: import one of its sub-paths.',
};

const naturalByKnownSubPaths = {
  regex:
    '^natural/(?!lib/natural/(?:brill_pos_tagger|inflectors|stemmers|tfidf)/index\\.js$|lib/natural/util/stopwords\\.js$)',
  message: 'Only sub-paths of natural that print nothing and load no database client: see src/data/keywords.',
};

export default tseslint.config(
  {ignores: ['dist/', 'node_modules/', 'runs/', 'coverage/', '.venv/']},
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {parserOptions: {projectService: true}},
    rules: {
      'max-lines': ['error', {max: 400}],
      'max-lines-per-function': ['error', {max: 80, skipComments: true, skipBlankLines: true}],
      'max-params': ['error', 4],
      'no-new': 'error',
      'no-restricted-imports': ['error', {paths: [naturalByRootOnly], patterns: [naturalByKnownSubPaths]}],
      'no-restricted-properties': [
        'error',
        {object: 'Math', property: 'random', message: 'Randomness comes from src/engine/random.ts.'},
        {object: 'process', property: 'exit', message: 'Throw a UserError or set process.exitCode.'},
      ],
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_', varsIgnorePattern: '^_'}],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true, allowBoolean: true}],
    },
  },
  {
    files: ['test/**/*.{ts,tsx}', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
