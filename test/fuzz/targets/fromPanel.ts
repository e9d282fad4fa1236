import fc from 'fast-check';
import { parseFromPanel } from '../../../src/panel/fromPanel';
import { target } from '../target';
import { changed } from '../texts';

const queue = '{"netns":1,"ifindex":2,"instance":0,"queue":0,"list":"0-3"}';
const messages = [
  ...['ready', 'play', 'pause', 'dismissApply', 'confirmApply', 'revertApply'].map(
    (type) => `{"type":"${type}"}`,
  ),
  '{"type":"command","command":"start"}',
  '{"type":"show","host":"web-1"}',
  '{"type":"seek","position":7}',
  '{"type":"speed","speed":4}',
  '{"type":"exported","format":"csv","content":"a,b"}',
  '{"type":"notExported","why":"nothing"}',
  '{"type":"interval","from":1.5,"to":2}',
  `{"type":"setCandidates","candidates":[{"id":1,"queues":[${queue}]}]}`,
  `{"type":"previewApply","queues":[${queue}],"candidate":1}`,
  '{"type":"previewRevert","entry":"x"}',
  '{"type":"applyMasks","seconds":60,"overwrite":false}',
  `{"type":"keepMasks","queues":[${queue},${queue}]}`,
  '{"type":"copyText","text":"x"}',
];

/** A webview says something that is known, or nothing. */
export default target({
  input: fc.oneof(
    changed(...messages).map((text): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        return text;
      }
    }),
    fc.jsonValue(),
  ),
  check: (message) => {
    const parsed = parseFromPanel(message);
    if (parsed && parseFromPanel(JSON.parse(JSON.stringify(parsed))) === undefined) {
      throw new Error('read once, and not again');
    }
  },
});
