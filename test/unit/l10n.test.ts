import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { Phrases, type Bundle } from '../../src/translate/phrases';
import { loaderTexts } from './loaderTexts';

const root = new URL('../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const json = (path: string) => JSON.parse(read(path)) as Bundle;
const keys = (path: string) => Object.keys(json(path)).sort();

const bundle = json('l10n/bundle.l10n.zh-cn.json');
const sources = ['shared', 'src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: read(join(folder, file)) })),
);

/** What only the log or a developer sees, or what is compared with what ssh prints. */
const unseen = /(^|\.)(info|warn|error|Malformed|Error|has|inDebugLog)$/;
/** Names of options and places, not sentences; the last one is only put together of some. */
const names = new Set(['CertificateFile {0}', 'PKCS11Provider {0}', 'Host *', '{0} line {1}', '{0} on {1}.']);
/** Lines of a file for systemd. */
const settings = /^[A-Za-z]+=/;
const spoken = /^(?:[A-Z]|\{0\})[^]*[a-z]{2,} /;

/** A text as it stands in the source, {0}, {1} and so on for what is put in; undefined for what is no text. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }, at) => `{${at}}${literal.text}`).join('');
}

/** Every text that VS Code is to translate, and every sentence of the parts that know nothing of it. */
function texts() {
  const translated = new Set<string>();
  const sentences = new Set<string>();
  const visit = (node: ts.Node, hidden: boolean) => {
    const called =
      ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression.getText() : undefined;
    const text = textOf(node);
    if (called === 'vscode.l10n.t' && (ts.isCallExpression(node) || ts.isNewExpression(node))) {
      const [first] = node.arguments ?? [];
      if (first) translated.add(textOf(first) ?? '');
    } else if (!hidden && text !== undefined && spoken.test(text) && !settings.test(text) && !names.has(text))
      sentences.add(text);
    const below = hidden || (called !== undefined && (unseen.test(called) || called === 'vscode.l10n.t'));
    ts.forEachChild(node, (child) => visit(child, below));
  };
  for (const { file, text } of sources) {
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), false);
  }
  return { translated, sentences: [...sentences].sort() };
}

const { translated, sentences } = texts();
const fromLoader = loaderTexts();

describe('Simplified Chinese', () => {
  it('has every text of the extension host', () => {
    expect([...translated].filter((text) => bundle[text] === undefined)).toEqual([]);
  });

  it('has nothing that is gone', () => {
    const all = sources.map(({ text }) => text.replaceAll("\\'", "'").replaceAll('\\"', '"')).join('\n');
    const known = new Set([...translated, ...fromLoader]);
    const gone = Object.keys(bundle).filter(
      (text) => !known.has(text) && !text.split(/\{\d\}/).every((part) => all.includes(part.trim())),
    );
    expect(gone).toEqual([]);
  });

  it.each(sentences)('says %s', (sentence) => {
    const phrases = new Phrases(bundle);
    expect(phrases.say(sentence.replace(/\{(\d)\}/g, 'X$1'))).toMatch(/\p{Script=Han}/u);
  });

  it.each(fromLoader)('says for the loader: %s', (sentence) => {
    const phrases = new Phrases(bundle);
    expect(phrases.say(sentence.replace(/\{(\d)\}/g, 'X$1'))).toMatch(/\p{Script=Han}/u);
  });

  it('says which host is this one, alone and in a sentence', () => {
    const phrases = new Phrases(bundle);
    expect(phrases.say('this host (web-1)')).toBe('本机（web-1）');
    expect(phrases.say('Connecting to this host (web-1)')).toBe('正在连接 本机（web-1）');
  });

  it('has every text of the manifest', () => {
    expect(keys('package.nls.zh-cn.json')).toEqual(keys('package.nls.json'));
  });

  it('is in the package', () => {
    const ships = read('.vscodeignore').split('\n');
    expect(ships).toContain('!package.nls.zh-cn.json');
    expect(ships).toContain('!l10n/*');
  });
});

describe('a sentence with names in it', () => {
  const phrases = new Phrases({
    '{0} cannot reach {1}: {2}': '{1} 无法从 {0} 到达：{2}',
    '{0} is gone.': '{0} 已消失。',
    Stop: '停止',
  });

  it('is said with its names, in the order of the language', () => {
    expect(phrases.say('a.b cannot reach c: d')).toBe('c 无法从 a.b 到达：d');
  });

  it('may have another one in it', () => {
    expect(phrases.say('a cannot reach b: c is gone.')).toBe('b 无法从 a 到达：c 已消失。');
  });

  it('stays as it is where nothing is known of it', () => {
    for (const text of ['', 'Stop it', 'no {0} here', 'a(b']) expect(phrases.say(text)).toBe(text);
    expect(new Phrases({}).say('Stop')).toBe('Stop');
  });
});
