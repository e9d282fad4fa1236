import type { ExportFormat, FromExport } from '../../shared/messages/export';
import type { ViewContext } from '../view';
import { drawPicture } from './picture';
import { toPng } from './png';
import { toCsv, toJson } from './table';
import { exportWords as words } from './words';

/** What is seen, and when it was: `time` is in milliseconds since 1970. */
export interface Moment {
  readonly shown: ViewContext;
  readonly time: number;
}

/** Makes the content of a file of what is seen. @param time of a recording; now when there is none. */
export async function exportView(
  format: ExportFormat,
  shown: ViewContext | undefined,
  time = Date.now(),
): Promise<FromExport> {
  if (!shown || shown.store.rows.count === 0) return { type: 'notExported', why: words.nothing };
  try {
    return { type: 'exported', format, content: await make(format, { shown, time }) };
  } catch (error) {
    return { type: 'notExported', why: `${words.noPicture} ${String(error)}` };
  }
}

function make(format: ExportFormat, moment: Moment): string | Promise<string> {
  switch (format) {
    case 'csv':
      return toCsv(moment);
    case 'json':
      return toJson(moment);
    case 'svg':
      return drawPicture(moment).text;
    case 'png':
      return toPng(drawPicture(moment));
  }
}
