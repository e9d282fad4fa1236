/** Resolves when somebody presses Ctrl+C or ends this process. */
export function interrupted(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
  });
}
