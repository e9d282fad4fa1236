import { describe, expect, it, vi } from 'vitest';
import { Stderr, type OpenQuestion } from '../../../src/loader/stderr';
import { sudoProblem } from '../../../src/loader/sudo';

const MARK = 'rpstrace-00ff';

/** Listens to what a sudo and a loader say, and what sudo asks. */
function listen() {
  const questions: OpenQuestion[] = [];
  const lines: string[] = [];
  const stderr = new Stderr(
    MARK,
    (question) => questions.push(question),
    (line) => lines.push(line),
  );
  const asked = () => questions.map(({ kind, text }) => (kind === 'password' ? kind : text));
  return { stderr, questions, lines, asked };
}

describe('what sudo asks', () => {
  it('is the password where its mark stands, between other messages, which are handed on', () => {
    const { stderr, questions, lines, asked } = listen();
    stderr.setMayAsk(true);
    stderr.push(`lecture\n${MARK}`);
    expect(asked()).toEqual(['password']);
    stderr.answered();
    stderr.push(`Sorry, try again.\n${MARK}`);
    expect(asked()).toEqual(['password', 'password']);
    expect(questions[1]?.before).toBe('Sorry, try again.\n');
    expect(lines).toEqual(['lecture', 'Sorry, try again.']);
    expect(stderr.tail).not.toContain(MARK);
  });

  it('is found when the mark is cut at any place', () => {
    for (let at = 0; at < MARK.length; at++) {
      const { stderr, asked } = listen();
      stderr.setMayAsk(true);
      stderr.push(`a${MARK.slice(0, at)}`);
      stderr.push(MARK.slice(at));
      expect(asked()).toEqual(['password']);
    }
  });

  it('is nothing where the mark stands in a line that goes on, as a shell prints its commands', () => {
    const { stderr, asked } = listen();
    stderr.setMayAsk(true);
    stderr.push(`+ exec env SUDO_PROMPT=${MARK} sudo -S -- /x\n`);
    expect(asked()).toEqual([]);
  });

  it('is heard before the host has told that sudo will ask', () => {
    const { stderr, asked } = listen();
    stderr.push(MARK);
    expect(asked()).toEqual([]);
    stderr.setMayAsk(true);
    expect(asked()).toEqual(['password']);
  });

  it('is anything without a mark that waits at the end of a line, in the words of the host', async () => {
    const { stderr, questions, asked } = listen();
    stderr.setMayAsk(true);
    stderr.push("Have your token ready.\nOne-time password (OATH) for `alice': ");
    await vi.waitFor(() => expect(asked()).toEqual(["One-time password (OATH) for `alice': "]));
    expect(questions[0]?.before).toBe('Have your token ready.\n');
    expect(questions[0]?.withdrawn.aborted).toBe(false);
  });

  it('is withdrawn when the line goes on: it was a message that came in two parts', async () => {
    const { stderr, questions, asked } = listen();
    stderr.setMayAsk(true);
    stderr.push('sudo: unable to ');
    await vi.waitFor(() => expect(asked()).toEqual(['sudo: unable to ']));
    stderr.push(`resolve host\n${MARK}`);
    expect(questions[0]?.withdrawn.aborted).toBe(true);
    expect(asked().at(-1)).toBe('password');
  });

  it.each([
    ['Password: ', 'password'],
    ['One-time password: ', 'One-time password: '],
  ])('by sudo-rs, which puts the mark before everything, is taken by the words %s', async (words, kind) => {
    const { stderr, asked } = listen();
    stderr.setMayAsk(true);
    stderr.push(`[sudo: ${MARK}] ${words}`);
    await vi.waitFor(() => expect(asked()).toEqual([kind]));
  });

  it('is nothing any more once the loader runs, and does not grow without end', () => {
    const { stderr, questions, asked } = listen();
    stderr.setMayAsk(true);
    stderr.push(MARK);
    stderr.setMayAsk(false);
    expect(questions[0]?.withdrawn.aborted).toBe(true);
    stderr.answered();
    stderr.push('x'.repeat(1e6));
    stderr.push(MARK);
    expect(asked()).toEqual(['password']);
    expect(stderr.tail.length).toBeLessThanOrEqual(4000);
  });
});

describe('what sudo refuses', () => {
  it.each([
    ['carol is not in the sudoers file.', 'SUDO_NOT_ALLOWED'],
    ["Sorry, user carol is not allowed to execute '/x' as root on web-1.", 'SUDO_NOT_ALLOWED'],
    ['sudo: sorry, you must have a tty to run sudo', 'SUDO_NEEDS_TTY'],
    ['sudo: a terminal is required to read the password', 'SUDO_NEEDS_TTY'],
    ['sudo: 3 incorrect password attempts', 'SUDO_PASSWORD_WRONG'],
  ])('%s is %s', (stderr, code) => {
    expect(sudoProblem('web-1', stderr)?.code).toBe(code);
  });

  it('is nothing when sudo said nothing', () => {
    expect(sudoProblem('web-1', 'rpstrace: attached')).toBeUndefined();
  });
});
