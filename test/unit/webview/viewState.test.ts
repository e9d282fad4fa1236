import { describe, expect, it } from 'vitest';
import { readViewState, type ViewState } from '../../../webview/viewState';

describe('what VS Code kept of the view', () => {
  it('comes back as it was', () => {
    const state: ViewState = {
      tab: 'softnet',
      measure: 'total',
      scale: 'log',
      sort: { column: 'queue', descending: false },
      filter: { cpu: 3, target: -1 },
      zoom: { host: 'web-1', from: 10, to: 20.5 },
      text: 'eth0 map',
      group: 'queue',
      softnet: { column: 'ipis', descending: true },
      queues: { column: 'irq', descending: false },
      queueText: 'eth1',
      pane: 'time',
      chart: { by: 'interface', seconds: 600, stacked: false },
      tuning: {
        host: 'web-1',
        queues: ['1:2:3:0'],
        candidates: [{ id: 4, source: 'nodeLocal', masks: { '1:2:3:0': '0-3' } }],
        chosen: 4,
      },
    };
    expect(readViewState(structuredClone(state))).toEqual(state);
  });

  it.each([
    undefined,
    null,
    'x',
    7,
    {
      tab: 'nowhere',
      softnet: 3,
      queues: { column: 'cpu' },
      queueText: [],
      sort: { column: 'no such' },
      filter: { cpu: '0' },
      zoom: { host: 'web-1', from: '10' },
      text: 1,
      group: 'cpu',
      scale: [],
      chart: { by: 'x', seconds: 11, stacked: 'no' },
      tuning: { queues: 'all', candidates: [{ id: '1' }, null] },
    },
  ])('is left at its default where it does not fit: %j', (kept) => {
    expect(readViewState(kept)).toEqual({
      tab: 'traffic',
      measure: 'rate',
      scale: 'linear',
      sort: { column: 'rate', descending: true },
      filter: undefined,
      zoom: undefined,
      text: '',
      group: 'none',
      softnet: { column: 'cpu', descending: false },
      queues: { column: 'interface', descending: false },
      queueText: '',
      pane: 'matrix',
      chart: { by: 'target', seconds: 60, stacked: true },
      tuning: { host: undefined, queues: [], candidates: [], chosen: 0 },
    });
  });
});
