// VS Code's own way to press a button for a person: the demo's window opens with the panel live and large.
const vscode = require('vscode');

exports.activate = () => {
  const { executeCommand } = vscode.commands;
  const host = process.env.RPS_TRACE_DEMO_HOST;
  void executeCommand('workbench.action.closeSidebar')
    .then(() => executeCommand('rpsTrace.start', host))
    .then(() => executeCommand('workbench.action.toggleMaximizedPanel'));
};
