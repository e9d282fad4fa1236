/** `web-1-2026-11-23-1405.rpsrec`: of a host's label, what every file system takes; the time is local. */
export function fileName(label: string, at: Date, extension: string): string {
  const host = label.replace(/[^\p{L}\p{N}.@_-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  const two = (number: number) => String(number).padStart(2, '0');
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${host.slice(0, 80) || 'host'}-${date}-${two(at.getHours())}${two(at.getMinutes())}.${extension}`;
}
