/** What the doctor view says around the findings, in English; the findings' own English comes from the loader. */
export const doctorEnglish = {
  title: 'Doctor',
  count: (errors: number, warnings: number, hints: number) =>
    [
      errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : '',
      warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '',
      hints > 0 ? `${hints} ${hints === 1 ? 'hint' : 'hints'}` : '',
    ]
      .filter(Boolean)
      .join(', '),
  healthy: 'Nothing is wrong here.',
  healthyText:
    'No queue, mask or interrupt stands in the way of a good distribution, and no CPU drops packets. This is looked at again every few seconds.',
  unexamined: 'Not looked at yet.',
  unexaminedText: 'The doctor looks at masks, interrupts and counters while a trace runs.',
  severity: { error: 'Error', warning: 'Warning', info: 'Hint' },
  command: 'A command that does it',
  copy: 'Copy the command',
  copied: 'Copied',
  copyFailed: (why: string) => `It could not be copied: ${why}`,
  queue: (name: string, queue: number) => `${name} queue ${queue}`,
  show: (what: string, view: string) => `${what} in ${view}`,
};

/** What the doctor view says around the findings, in Simplified Chinese. */
export const doctorChinese: typeof doctorEnglish = {
  title: '诊断',
  count: (errors, warnings, hints) =>
    [
      errors > 0 ? `${errors} 个错误` : '',
      warnings > 0 ? `${warnings} 个警告` : '',
      hints > 0 ? `${hints} 个提示` : '',
    ]
      .filter(Boolean)
      .join('，'),
  healthy: '一切正常。',
  healthyText: '没有队列、掩码或中断妨碍良好的分配，也没有 CPU 丢弃数据包。每隔几秒会再次检查。',
  unexamined: '尚未检查。',
  unexaminedText: '跟踪运行期间会检查掩码、中断和计数器。',
  severity: { error: '错误', warning: '警告', info: '提示' },
  command: '完成此操作的命令',
  copy: '复制命令',
  copied: '已复制',
  copyFailed: (why) => `无法复制：${why}`,
  queue: (name, queue) => `${name} 队列 ${queue}`,
  show: (what, view) => `在“${view}”中查看 ${what}`,
};
