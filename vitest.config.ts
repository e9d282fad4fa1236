import { defineConfig } from 'vitest/config';

/** One project per kind of real thing a test needs; guests and browsers are heavy, so their files run one at a time. */
function suite(name: string, timeoutSeconds: number) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: timeoutSeconds * 1000,
      hookTimeout: timeoutSeconds * 1000,
      fileParallelism: name === 'unit',
      retry: 0,
    },
  };
}

export default defineConfig({
  test: { projects: [suite('unit', 10), suite('ssh', 60), suite('guest', 300), suite('e2e', 300)] },
});
