// The borders between folders, which `npm run lint` checks; CONTRIBUTING.md has the map.

const types = { dependencyTypesNot: ['type-only'] };

/** The files of shared/ that run zod. */
const schemas = '^shared/(bounded|frames/(audit|frames|host))\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circle-of-files',
      comment:
        'Files that need each other to run are one file, or lack a third one. Types may form a circle.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: types },
    },
    {
      name: 'no-circle-of-folders',
      comment: 'Between folders there is one direction, for types too.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shared-stands-alone',
      comment: 'Both sides use shared/: it has neither VS Code nor Node, and no package but zod.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: '^(shared/|node_modules/zod/)' },
    },
    {
      name: 'zod-in-schemas-only',
      comment: 'See `schemas`: a file that is not named there may be part of the bundle of the webview.',
      severity: 'error',
      from: { path: '^(shared|webview)/', pathNot: schemas },
      to: { path: '^node_modules/zod/' },
    },
    {
      name: 'schemas-as-types-only',
      comment:
        'With zod the bundle of the webview would be larger by more than half: it takes types of schemas.',
      severity: 'error',
      from: { path: '^(shared|webview)/', pathNot: schemas },
      to: { path: schemas, ...types },
    },
    {
      name: 'webview-without-src',
      comment: 'The webview runs in a browser: what it has in common with src/ is in shared/.',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^src/|^vscode$' },
    },
    {
      name: 'src-without-webview',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^webview/' },
    },
    {
      name: 'panel-without-ui',
      comment: 'src/extension.ts wires the two together.',
      severity: 'error',
      from: { path: '^src/panel/' },
      to: { path: '^src/ui/' },
    },
    {
      name: 'ui-without-panel',
      comment: 'src/extension.ts wires the two together.',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: '^src/panel/' },
    },
    {
      name: 'ssh2-without-openssh',
      comment: 'What both clients need is in src/hosts/login or src/hosts/sshconfig.',
      severity: 'error',
      from: { path: '^src/hosts/ssh2/' },
      to: { path: '^src/hosts/openssh/' },
    },
    {
      name: 'openssh-without-ssh2',
      comment: 'What both clients need is in src/hosts/login or src/hosts/sshconfig.',
      severity: 'error',
      from: { path: '^src/hosts/openssh/' },
      to: { path: '^src/hosts/ssh2/' },
    },
    {
      name: 'open-is-on-top',
      comment: 'open.ts chooses between the ways to a host; the files beside it know none of them.',
      severity: 'error',
      from: { path: '^src/hosts/[^/]+$', pathNot: '^src/hosts/open\\.ts$' },
      to: { path: '^src/hosts/[^/]+/' },
    },
    {
      name: 'nothing-below-opens',
      severity: 'error',
      from: { path: '^src/hosts/[^/]+/' },
      to: { path: '^src/hosts/open\\.ts$' },
    },
    {
      name: 'keep-below-tuning',
      severity: 'error',
      from: { path: '^src/tuning/keep/' },
      to: { path: '^src/tuning/[^/]+$' },
    },
    {
      name: 'nothing-imports-the-start',
      comment: 'src/extension.ts and webview/main.ts wire parts together.',
      severity: 'error',
      from: {},
      to: { path: '^(src/extension|webview/main)\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
