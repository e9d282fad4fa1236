import { language } from './words';

const wholeFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const smallFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const compactFormat = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 });
const shortFormat = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 2 });
const percentFormat = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });

/** A count with separators between the thousands. */
export const whole = (value: number): string => wholeFormat.format(value);

/** A rate per second: one digit after the point where it says something. */
export const rate = (value: number): string => (value < 10 ? smallFormat : wholeFormat).format(value);

/** A number with one digit after the point. */
export const tenths = (value: number): string => smallFormat.format(value);

/** At most three significant digits: `12.3K`. For places too small for the exact number. */
export const compact = (value: number): string => compactFormat.format(value);

/** At most two significant digits: `12K`. */
export const short = (value: number): string => shortFormat.format(value);

/** The share of `part` in `all`; nothing of nothing is 0 %. */
export const share = (part: number, all: number): string => percentFormat.format(all > 0 ? part / all : 0);
