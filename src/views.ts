/** The panel in the bottom area; package.json names it and the others. */
export const panelView = 'rpsTrace.panel';
/** The panel in an editor tab. */
export const editorView = 'rpsTrace.editor';
/** The editor of recordings. */
export const recordingView = 'rpsTrace.recording';
