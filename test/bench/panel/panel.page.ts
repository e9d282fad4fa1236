// Runs in the panel's page before the panel: VS Code's API, and a word when what a message brought is on the screen, which is
// when the frame after the one that the panel drew in has begun.

declare global {
  interface Window {
    /** Of the page around this one: takes what the panel says. */
    tell: (message: unknown) => void;
  }
}

const tell = window.parent.tell;
let kept: unknown;
const api = { postMessage: tell, getState: () => kept, setState: (state: unknown) => (kept = state) };
Object.assign(window, { acquireVsCodeApi: () => api });

window.addEventListener('message', ({ data: { type } }: MessageEvent<{ type: string }>) => {
  if (type !== 'sample' && type !== 'snapshot') return;
  const seen = () => {
    const shown = document.querySelector('.figure-rate dd')?.textContent ?? '';
    tell({ type: 'seen', of: type, shown });
  };
  requestAnimationFrame(() => requestAnimationFrame(seen));
});

export {};
