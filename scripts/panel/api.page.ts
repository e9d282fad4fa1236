import { dress } from '../../test/e2e/panel/shell';
import { themes } from '../../test/e2e/panel/themes';

// Runs in the panel's page before the panel: VS Code's API, and its theme.

const { panelWindow } = window.parent;
const api = {
  postMessage: panelWindow.post,
  getState: () => panelWindow.kept,
  setState: (state: unknown) => (panelWindow.kept = state),
};
window.setTheme = (name) => dress(themes[name]);
window.setTheme(panelWindow.theme);
Object.assign(window, { acquireVsCodeApi: () => api });
