import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const vscodeOnlyIn = ['src/extension.ts', 'src/panel/**', 'src/ui/**'];

export default tseslint.config(
  { ignores: ['dist/**', '**/*.{js,mjs,cjs}'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**', 'webview/**'],
    ignores: vscodeOnlyIn,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'vscode', message: 'Only src/extension.ts, src/panel and src/ui may import vscode.' },
          ],
        },
      ],
    },
  },
);
