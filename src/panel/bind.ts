import * as vscode from 'vscode';
import { parseFromPanel } from './fromPanel';
import type { ToExport } from '../../shared/messages/export';
import type { FromPanel, ToPanel } from '../../shared/messages/panel';
import type { ToPlayback } from '../../shared/messages/playback';
import { toWire, type WireToPanel } from '../../shared/messages/wire';
import {
  said,
  saidApply,
  saidFacts,
  saidHosts,
  saidPredictions,
  saidState,
  saidTuning,
} from '../translate/said';
import { page, webviewFolder } from './page';

export type ToWebview = ToPanel | ToPlayback | ToExport;

/** What a webview shows: everything at once for one that has just appeared, then what changes. */
export interface Shown {
  snapshot(): readonly ToWebview[];
  listen(listener: (message: ToWebview) => void): { dispose(): void };
}

/** A place in the window that a webview is in. */
export interface Place {
  readonly webview: vscode.Webview;
  /** Whether it can be seen. */
  visible(): boolean;
  /** Whether it is what a person works with. */
  active(): boolean;
  readonly onDidDispose: vscode.Event<void>;
}

/** A webview with the panel in it. */
export interface Bound {
  readonly place: Place;
  /** Whether it listens. */
  ready(): boolean;
  post(message: ToWebview): void;
}

/**
 * Puts the panel into a webview. It gets a snapshot when it says `ready`, and what changes after that while it can be
 * seen; it keeps nothing that this side does not have.
 */
export function bind(
  place: Place,
  extension: vscode.Uri,
  shown: Shown,
  act: (message: Exclude<FromPanel, { type: 'ready' }>) => void,
): Bound {
  const { webview } = place;
  webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extension)] };
  let ready = false;
  const post = (message: ToWebview) => void webview.postMessage(onItsWay(message));
  // A hidden webview is destroyed and says `ready` again when it comes back.
  const updates = shown.listen((message) => {
    if (ready && place.visible()) post(message);
  });
  const messages = webview.onDidReceiveMessage((raw: unknown) => {
    const message = parseFromPanel(raw);
    if (message?.type === 'ready') {
      ready = true;
      shown.snapshot().forEach(post);
    } else if (message) act(message);
  });
  place.onDidDispose(() => {
    updates.dispose();
    messages.dispose();
  });
  webview.html = page(webview, extension);
  return { place, ready: () => ready && place.visible(), post };
}

/** The message as it goes to a webview, with what it says in the language of the window. */
function onItsWay(message: ToWebview): WireToPanel | ToPlayback | ToExport {
  switch (message.type) {
    case 'snapshot':
      return toWire({
        ...message,
        host: message.host && said(message.host),
        state: saidState(message.state),
        facts: message.facts && saidFacts(message.facts),
      });
    case 'hosts':
      return { ...message, hosts: saidHosts(message.hosts) };
    case 'facts':
      return { ...message, facts: saidFacts(message.facts) };
    case 'state':
      return { ...message, state: saidState(message.state) };
    case 'sample':
    case 'softnet':
      return toWire(message);
    case 'tuning':
      return { ...message, tuning: saidTuning(message.tuning) };
    case 'predictions':
      return { ...message, predictions: saidPredictions(message.predictions) };
    case 'apply':
      return { ...message, apply: saidApply(message.apply) };
    default:
      return message;
  }
}
