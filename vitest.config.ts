import { defineConfig } from 'vitest/config';

/**
 * One project per kind of real thing a test needs. Browsers are heavy, and sshd's accounts are the machine's own: their
 * files run one at a time. `files`: how many do at once; a guest waits long enough for a second one beside it. What is
 * polled for is waited for up to a quarter of the time that a test has, as machines are busy, unless it says how soon that must come.
 */
function suite(name: string, timeoutSeconds: number, files: number) {
  return {
    test: {
      name,
      // There is no such package: VS Code itself gives it to extensions.
      alias: { vscode: new URL('test/unit/ui/fakeVscode.ts', import.meta.url).pathname },
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: timeoutSeconds * 1000,
      hookTimeout: timeoutSeconds * 1000,
      maxWorkers: files,
      retry: 0,
      expect: { poll: { timeout: timeoutSeconds * 250 } },
    },
  };
}

export default defineConfig({
  test: {
    projects: [suite('unit', 10, 2), suite('ssh', 60, 1), suite('guest', 300, 2), suite('e2e', 300, 1)],
  },
});
