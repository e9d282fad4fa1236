import type { Finding } from '../../shared/frames/frames';
import { element } from '../element';
import { iconButton } from '../icon';
import type { Store } from '../store/store';
import type { Pointer, ViewEvents, ViewId } from '../view';
import { words } from '../words';
import { worded } from './wording';

/** One finding: what is wrong, how that shows, what it means, what mends it, and ways to the place itself. */
export function card(finding: Finding, store: Store, events: ViewEvents): HTMLElement {
  const { title, evidence, explanation, remedy } = worded(finding);
  const { severity, command } = finding;
  const mark = element('span', 'severity', words.doctor.severity[severity]);
  const root = element('li', 'finding', element('h3', '', mark, title));
  root.dataset['severity'] = severity;
  if (evidence !== '') root.append(element('p', 'evidence', evidence));
  if (explanation !== '') root.append(element('p', '', explanation));
  if (remedy !== '') root.append(element('p', 'remedy', remedy));
  if (command !== undefined) root.append(commandBox(command, events));
  const links = placesOf(finding, store).map(({ label, view, pointer }) => {
    const link = element('button', 'link', label);
    link.type = 'button';
    link.addEventListener('click', () => events.visit(view, pointer));
    return link;
  });
  if (links.length > 0) root.append(element('div', 'places', ...links));
  return root;
}

function commandBox(command: string, { say }: ViewEvents): HTMLElement {
  const copy = iconButton('copy', words.doctor.copy, () => {
    void navigator.clipboard.writeText(command).then(
      () => say(words.doctor.copied),
      (error: unknown) => say(words.doctor.copyFailed(String(error))),
    );
  });
  const box = element('div', 'command', element('code', '', command), copy);
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', words.doctor.command);
  return box;
}

interface Place {
  readonly label: string;
  readonly view: ViewId;
  readonly pointer: Pointer;
}

/** Findings that another mask mends. */
const maskIds = ['rps-off', 'queue-off', 'dominant-flow', 'rps-redundant'];

/** Where the device, queue and CPU of a finding are to be seen. */
function placesOf({ id, netns, ifindex, queue, cpu }: Finding, { devices, tuning }: Store): Place[] {
  const places: Place[] = [];
  const { show } = words.doctor;
  const tunable = tuning !== undefined && (id.startsWith('mask-') || maskIds.includes(id));
  const device = devices.find(
    (one) => one.ifindex === ifindex && (netns === undefined || one.netns === netns),
  );
  if (device) {
    const what = queue === undefined ? device.name : words.doctor.queue(device.name, queue);
    const pointer = { netns: device.netns, ifindex, queue };
    places.push({ label: show(what, words.views.configuration), view: 'configuration', pointer });
    if (tunable) places.unshift({ label: words.tuning.tune(what), view: 'tuning', pointer });
  } else if (tunable) places.push({ label: words.tuning.tuneAny, view: 'tuning', pointer: {} });
  if (cpu !== undefined) {
    const pointer = { cpu };
    places.push({ label: show(words.cpu(cpu), words.views.softnet), view: 'softnet', pointer });
    places.push({ label: show(words.cpu(cpu), words.views.traffic), view: 'traffic', pointer });
  }
  return places;
}
