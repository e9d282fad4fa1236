import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const vscodeOnlyIn = ['src/extension.ts', 'src/panel/**', 'src/translate/**', 'src/ui/**'];

/** Functions of vscode.window that show no text. */
const textless = [
  'createWebviewPanel',
  'registerCustomEditorProvider',
  'registerWebviewPanelSerializer',
  'registerWebviewViewProvider',
];

/** VS Code makes links that run commands of the texts it shows; src/ui/window makes each text inert before. */
const textsOnlyByWindow = [
  `:not(MemberExpression[property.name=/^(${textless.join('|')})$/]) > MemberExpression[object.name='vscode'][property.name='window']`,
  `CallExpression[callee.property.name='createWebviewPanel'][arguments.1.type!='Literal']`,
  `MemberExpression[object.name='vscode'][computed=true]`,
  `VariableDeclarator[init.name='vscode']`,
  `ImportDeclaration[source.value='vscode'] > :matches(ImportSpecifier, ImportDefaultSpecifier, ImportNamespaceSpecifier[local.name!='vscode'])`,
  `ImportExpression`,
].map((selector) => ({ selector, message: 'Only src/ui/window may use vscode.window and what it shows.' }));

/** These make markup, links or code of text. */
const markup = [
  ...['MarkdownString', 'TreeItem', 'DOMParser', 'Function'].map(
    (name) =>
      `:matches(NewExpression, CallExpression):matches([callee.name='${name}'], [callee.property.name='${name}'])`,
  ),
  `MemberExpression[property.name=/^(innerHTML|outerHTML|srcdoc|insertAdjacentHTML|setHTMLUnsafe|parseHTMLUnsafe|createContextualFragment|openExternal)$/]`,
  `MemberExpression[object.name='document'][property.name=/^(write|writeln)$/]`,
  `CallExpression[callee.property.name='setAttribute'][arguments.0.value=/^(on|href$|src|xlink|style$|action$|formaction$)/i]`,
  `CallExpression[callee.property.name='setAttribute'][arguments.0.type!='Literal']:not([arguments.0.quasis.0.value.raw='aria-'])`,
  `AssignmentExpression[left.property.type='Identifier'][left.property.name=/^(href|src|action|formAction|cssText)$/]:not([right.quasis.0.value.raw=/^data:image/])`,
].map((selector) => ({ selector, message: 'Text becomes no markup, link or code: use textContent.' }));

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
    files: ['shared/**', 'src/**', 'webview/**'],
    rules: { 'no-restricted-syntax': ['error', ...markup, ...textsOnlyByWindow] },
  },
  {
    files: ['src/ui/window/**'],
    rules: { 'no-restricted-syntax': ['error', ...markup] },
  },
  {
    files: ['shared/**', 'src/**', 'webview/**'],
    ignores: vscodeOnlyIn,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'vscode',
              message: 'Only src/extension.ts, src/panel, src/translate and src/ui may import vscode.',
            },
          ],
        },
      ],
    },
  },
);
