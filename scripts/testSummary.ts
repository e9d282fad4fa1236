import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { z } from 'zod';

/** How the tests of one run ended; `failures` says of each what failed and why. */
export const summary = z.object({
  passed: z.number(),
  skipped: z.number(),
  failures: z.array(z.string()),
});

type Errors = readonly { readonly stack?: string | undefined; readonly message: string }[];

function told(name: string, errors: Errors): string {
  return [name, ...errors.map(({ stack, message }) => stack ?? message)].join('\n');
}

function named(one: TestCase | TestSuite): string {
  return `${relative('.', one.module.moduleId)} > ${one.fullName}`;
}

/** Tests, groups whose set-up failed, files that could not be loaded, and errors that belong to none of them. */
function failures(modules: readonly TestModule[], unhandled: Errors): string[] {
  const texts = unhandled.map((error) => told('outside of the tests', [error]));
  for (const module of modules) {
    if (module.errors().length > 0) texts.push(told(relative('.', module.moduleId), module.errors()));
    for (const group of module.children.allSuites())
      if (group.errors().length > 0) texts.push(told(named(group), group.errors()));
    for (const test of module.children.allTests('failed'))
      texts.push(told(named(test), test.result().errors ?? []));
  }
  return texts;
}

/** A vitest reporter that writes the summary to the file that RPS_TRACE_SUMMARY names. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: Errors): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const ended: z.infer<typeof summary> = {
      passed: count('passed'),
      skipped: count('skipped') + count('pending'),
      failures: failures(modules, unhandled),
    };
    writeFileSync(process.env['RPS_TRACE_SUMMARY'] ?? '', JSON.stringify(ended));
  }
}
