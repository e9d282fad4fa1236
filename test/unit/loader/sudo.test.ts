import { describe, expect, it } from 'vitest';
import { SudoPrompt, sudoProblem } from '../../../src/loader/sudo';

const MARK = 'rpstrace-00ff';

function read(chunks: readonly string[]): { prompts: number[]; text: string } {
  const prompts: number[] = [];
  let text = '';
  const prompt = new SudoPrompt(
    MARK,
    (times) => prompts.push(times),
    (part) => (text += part),
  );
  for (const chunk of chunks) prompt.push(chunk);
  return { prompts, text };
}

describe("sudo's prompt", () => {
  it('is found between other messages, and those are handed on', () => {
    expect(read([`lecture\n${MARK}Sorry, try again.\n${MARK}`])).toEqual({
      prompts: [1, 2],
      text: 'lecture\nSorry, try again.\n',
    });
  });

  it('is found when it is cut at any place', () => {
    for (let at = 0; at <= MARK.length; at++) {
      expect(read([`a${MARK.slice(0, at)}`, `${MARK.slice(at)}b`])).toEqual({ prompts: [1], text: 'ab' });
    }
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
