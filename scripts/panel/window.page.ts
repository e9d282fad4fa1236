import { unpack } from '../../test/bench/panel/unpack';
import type { ThemeName } from '../../test/e2e/panel/themes';
import type { Built } from './bundle';

// Runs in the page around the panel: hands on messages in both directions, and loads anew what is switched or was changed.

/** Where the panel's state is kept over a reload of this page. */
const KEPT = 'kept';

const byId = (id: string) => document.getElementById(id) as HTMLElement;
const pick = (name: string) => byId(name) as HTMLSelectElement;
const picks = {
  source: pick('source'),
  cpus: pick('cpus'),
  theme: pick('theme'),
  language: pick('language'),
};
const query = () =>
  new URLSearchParams(Object.entries(picks).map(([name, { value }]): [string, string] => [name, value]));

let frame: HTMLIFrameElement | undefined;
let shown = new AbortController();

/** Shows a panel in place of the one before, until another one is shown. */
async function show(signal: AbortSignal): Promise<void> {
  const session = crypto.randomUUID();
  window.panelWindow = {
    get theme() {
      return picks.theme.value as ThemeName;
    },
    get kept(): unknown {
      return JSON.parse(sessionStorage.getItem(KEPT) ?? '{}') as unknown;
    },
    set kept(state) {
      sessionStorage.setItem(KEPT, JSON.stringify(state));
    },
    post: (message) => {
      const body = JSON.stringify(message);
      byId('posted').textContent = body;
      fetch(`/from?session=${session}`, { method: 'POST', body, signal }).catch(report(signal));
    },
  };
  // A recording has the CPUs of its host.
  picks.cpus.disabled = picks.source.selectedIndex > 0;
  const { body } = await fetch(`/to?session=${session}&${query()}`, { signal });
  frame?.remove();
  frame = document.createElement('iframe');
  frame.title = 'Panel';
  frame.src = `/panel?${query()}`;
  document.body.append(frame);
  for await (const { message, buffers } of unpack(body)) {
    frame.contentWindow?.postMessage(message, window.origin, buffers);
  }
}

/** Tells of a failed request, unless another panel was shown meanwhile. The page loads anew when the server is back. */
const report = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) byId('errors').textContent = `The server does not answer. ${String(error)}`;
};

function reopen(): void {
  shown.abort();
  shown = new AbortController();
  show(shown.signal).catch(report(shown.signal));
}

for (const [name, value] of new URLSearchParams(location.search)) {
  if (Object.hasOwn(picks, name)) pick(name).value = value;
}
for (const [name, list] of Object.entries(picks)) {
  // The address may name a recording that is not in the list any more.
  if (list.selectedIndex < 0) list.selectedIndex = 0;
  list.addEventListener('change', () => {
    history.replaceState(null, '', `?${query()}`);
    if (name === 'theme') frame?.contentWindow?.setTheme(list.value as ThemeName);
    else reopen();
  });
}

let loaded: string | undefined;
new EventSource('/changes').addEventListener('message', ({ data }: MessageEvent<string>) => {
  const { id, errors } = JSON.parse(data) as Built;
  byId('errors').textContent = errors.join('\n');
  loaded ??= id;
  if (loaded !== id) location.reload();
});
reopen();
