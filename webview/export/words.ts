import { language } from '../words';

const english = {
  nothing: 'There is nothing to export yet.',
  noPicture: 'The picture could not be drawn.',
  matrix: (measure: string) => `Current CPU (rows) by target CPU (columns), ${measure}`,
  filter: (text: string) => `Filter: ${text}`,
};

const chinese: typeof english = {
  nothing: '还没有可导出的内容。',
  noPicture: '无法绘制图片。',
  matrix: (measure) => `当前 CPU（行）到目标 CPU（列），${measure}`,
  filter: (text) => `过滤器：${text}`,
};

/** What exported pictures say, in the language of VS Code. */
export const exportWords = language === 'zh-CN' ? chinese : english;
