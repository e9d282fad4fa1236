import { createConnection } from 'node:net';

/** Messages of an SSH agent: draft-ietf-sshm-ssh-agent, section 6.1. */
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
/** How long an agent may take, milliseconds. One that asks a person about every use is not asked to use a key here. */
const ANSWER_MS = 3000;
/** Longest answer taken: OpenSSH's own limit, AGENT_MAX_LEN in authfd.c. */
const LONGEST = 256 * 1024;

/**
 * The types of the keys that an agent holds, those included that ssh2 leaves out. None when it does not answer: then
 * whoever uses it says so.
 * @param agent its socket or named pipe
 */
export async function agentKeyTypes(agent: string): Promise<string[]> {
  return new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const socket = createConnection(agent, () => socket.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES])));
    const end = (types: string[]) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(types);
    };
    const timer = setTimeout(() => end([]), ANSWER_MS);
    socket.once('error', () => end([]));
    socket.once('close', () => end([]));
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length > LONGEST) return end([]);
      if (answer.length >= 4 && answer.length >= 4 + answer.readUInt32BE()) end(readTypes(answer));
    });
  });
}

function readTypes(answer: Buffer): string[] {
  if (answer[4] !== IDENTITIES_ANSWER) return [];
  const types: string[] = [];
  let at = 9;
  const string = () => {
    const begin = at + 4;
    at = begin + answer.readUInt32BE(at);
    return answer.subarray(begin, at);
  };
  try {
    for (let left = answer.readUInt32BE(5); left > 0; left--) {
      const key = string();
      types.push(key.toString('latin1', 4, 4 + key.readUInt32BE()));
      string(); // the comment
    }
  } catch {
    // Cut short: what came before it counts.
  }
  return types;
}
