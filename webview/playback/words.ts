import { language } from '../words';

const english = {
  name: 'Playback',
  play: 'Play',
  pause: 'Pause',
  back: 'Step Back',
  forward: 'Step Forward',
  position: 'Time in the recording',
  speed: 'Speed',
  times: (factor: string) => `${factor}×`,
  ended: 'final totals',
  cut: (after: string) => `The recording was cut off: what came after ${after} is missing.`,
  cutAtOnce: 'The recording was cut off.',
  lost: (bytes: string, after: string) => `${bytes} bytes after ${after} could not be read and are left out.`,
  lostAtOnce: (bytes: string) => `${bytes} bytes at the beginning could not be read and are left out.`,
  block: (number: string, from: string, to: string) =>
    `Block ${number}, from ${from} to ${to}, is damaged and left out.`,
  more: (count: string) => `And ${count} more.`,
};

const chinese: typeof english = {
  name: '回放',
  play: '播放',
  pause: '暂停',
  back: '后退一步',
  forward: '前进一步',
  position: '录制中的时间',
  speed: '速度',
  times: (factor) => `${factor} 倍`,
  ended: '最终总数',
  cut: (after) => `录制被截断：${after} 之后的内容缺失。`,
  cutAtOnce: '录制被截断。',
  lost: (bytes, after) => `${after} 之后有 ${bytes} 字节无法读取，已略过。`,
  lostAtOnce: (bytes) => `开头有 ${bytes} 字节无法读取，已略过。`,
  block: (number, from, to) => `第 ${number} 块（${from} 至 ${to}）已损坏，已略过。`,
  more: (count) => `还有 ${count} 处。`,
};

/** What the bar that plays recordings says, in the language of VS Code. */
export const playbackWords = language === 'zh-CN' ? chinese : english;
