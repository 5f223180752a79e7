/** The loader's few words; apart from `zh.ts` so that the loader stays small. */
export const words = {
  title: '房信 · 房贷顾问',
  open: (title: string) => `打开${title}`,
  openUnread: (title: string, count: number) => `打开${title}，${count} 条新消息`,
  close: '关闭对话',
};
