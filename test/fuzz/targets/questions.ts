import fc from 'fast-check';
import { Questions } from '../../../src/hosts/openssh/questions';
import { Asker } from '../../../src/hosts/login/asker';
import { Secrets } from '../../../src/hosts/secrets';
import { Cancelled, Problem } from '../../../src/problem';
import { target } from '../target';
import { changed, jumbled } from '../texts';

const texts = [
  "The authenticity of host 'web-1 (192.0.2.1)' can't be established.\nED25519 key fingerprint is SHA256:AAAA.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? ",
  "Enter passphrase for key '/home/alice/.ssh/id_ed25519': ",
  "alice@web-1's password: ",
  '(alice@web-1) Password: ',
  '(alice@web-1) Verification code: ',
];

/** ssh's questions, and those that a host makes up, are put to a person; a key is taken only when the person takes it. */
export default target({
  input: fc.record({
    text: fc.oneof(changed(...texts), jumbled(...texts, "'", '(', ')', ' ', '\n', '@', ': ', 'password')),
    hint: fc.constantFrom('none', 'confirm', ''),
    accepts: fc.boolean(),
    cancels: fc.boolean(),
  }),
  check: async ({ text, hint, accepts, cancels }) => {
    const asked = { forKey: false };
    const prompts = {
      secret: () => Promise.resolve(cancels ? undefined : 'secret'),
      acceptHostKey: () => {
        asked.forKey = true;
        return Promise.resolve(accepts);
      },
    };
    const gone = AbortSignal.abort();
    const questions = new Questions(
      prompts,
      new Asker(prompts, new Secrets(), gone),
      () => [{ id: 'web-1', name: 'alice@web-1', account: 'alice@web-1', attempts: 3 }],
      () => undefined,
    );
    try {
      const answer = await questions.answer({ text, hint, pid: 1 }, gone);
      if (answer !== 'secret' && !(answer === 'yes' && asked.forKey && accepts)) {
        throw new Error(`answered ${answer} by itself`);
      }
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Cancelled)) throw error;
    }
  },
});
