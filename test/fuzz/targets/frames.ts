import fc from 'fast-check';
import { parseFrame } from '../../../src/protocol/frames';
import { target } from '../target';

export default target({
  input: fc.oneof(fc.string(), fc.json()),
  check: (line) => void parseFrame(line),
});
