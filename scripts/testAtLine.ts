import ts from 'typescript';

/** How the tests of this repository begin: `it(…)`, `test(…)`, `describe(…)`, and forms such as `it.each(…)(…)`. */
const STARTERS = ['it', 'test', 'describe'];

/**
 * The line at which vitest finds the innermost test or suite around `line`; both from 1. Undefined where no test is around it.
 * `vitest run file:line` matches exactly the line that V8 reports for the call: that of the name that is called, or of the
 * parenthesis when the result of a call is called (`it.each(…)(…)`).
 */
export function testAtLine(source: string, line: number): number | undefined {
  const file = ts.createSourceFile('test.ts', source, ts.ScriptTarget.Latest);
  const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
  let found: number | undefined;
  const visit = (node: ts.Node): void => {
    if (line < lineAt(node.getStart(file)) || line > lineAt(node.getEnd())) return;
    if (ts.isCallExpression(node) && isTest(node)) found = lineAt(positionOf(node, file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether a call gives a test its name and its body; `it.each(cases)` alone does not. */
function isTest({ expression, arguments: given }: ts.CallExpression): boolean {
  const hasBody = given.some((part) => ts.isArrowFunction(part) || ts.isFunctionExpression(part));
  return hasBody && STARTERS.includes(rootName(expression));
}

function rootName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootName(node.expression);
  return '';
}

function positionOf({ expression }: ts.CallExpression, file: ts.SourceFile): number {
  if (ts.isIdentifier(expression)) return expression.getStart(file);
  if (ts.isPropertyAccessExpression(expression)) return expression.name.getStart(file);
  return expression.getEnd();
}
