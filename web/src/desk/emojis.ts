/** What suits a bank's desk; each with the word that a screen reader says. */
export const EMOJIS: readonly (readonly [string, string])[] = [
  ['😊', '微笑'], ['😄', '开心'], ['🙂', '友好'], ['😅', '不好意思'], ['🤝', '握手'], ['👍', '赞'], ['👌', '好的'], ['🙏', '感谢'],
  ['💪', '加油'], ['👏', '鼓掌'], ['🌹', '玫瑰'], ['❤️', '爱心'], ['🎉', '恭喜'], ['☕', '稍等'], ['⏰', '时间'], ['📅', '日期'],
  ['📄', '材料'], ['📎', '附件'], ['📞', '电话'], ['🏠', '房子'], ['🔑', '钥匙'], ['💰', '钱'], ['✅', '完成'], ['❗', '注意'],
];

/** The text with something put in place of what is selected, and where the caret stands then. */
export function inserted(text: string, start: number, end: number, what: string): { text: string; caret: number } {
  return { text: text.slice(0, start) + what + text.slice(end), caret: start + what.length };
}
