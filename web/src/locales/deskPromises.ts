/** What the bank owes the customer: promises, and what was told of its own accord. */
export const deskPromises = {
  Promises: {
    title: '答应客户的事',
    count: (open: number, overdue: number) => (overdue > 0 ? `${open} 件，${overdue} 件超时` : `${open} 件`),
    kinds: { promised_call_back: '回电', written_plan: '书面方案' },
    make: { promised_call_back: '承诺回电', written_plan: '承诺书面方案' },
    makeTitle: { promised_call_back: '答应给客户回电', written_plan: '答应给客户书面方案' },
    makeText: { promised_call_back: '从现在起计时，到时限前要联系客户。', written_plan: '从现在起按人工时间计时，在对话里发出文件或卡片就算办完。' },
    makeNote: '答应了什么',
    makeNotes: {
      promised_call_back: ['核实后回电', '审批有结果就回电', '客户方便时回电'],
      written_plan: ['月供和利息对比', '提前还款方案', '还款困难的办法'],
    },
    made: '已经记下，开始计时',
    keep: { promised_call_back: '已联系', written_plan: '已发出' },
    keepTitle: { promised_call_back: '已经联系客户', written_plan: '方案已经发出' },
    keepNote: '怎么办的',
    keepNotes: {
      promised_call_back: ['已电话联系，事情办完', '已电话联系，客户再考虑'],
      written_plan: ['已在对话里发给客户', '已寄到客户留的邮箱'],
    },
    kept: '已经登记',
    needed: '请写一句，同事也看得到',
    left: (text: string) => `还剩 ${text}`,
    over: (text: string) => `超时 ${text}`,
    paused: '时限暂停',
    noLimit: '没有时限',
    until: (at: string) => `最迟 ${at}`,
    by: (name: string, at: string) => `${name} ${at} 答应`,
    bot: '小房',
    request: (no: string) => `业务申请 ${no}`,
    open: '看对话',
  },
  Notices: {
    title: (count: number) => `主动通知 ${count} 条`,
    none: '没有试过任何渠道',
    states: { waiting: '待发', told: '已告知', untold: '没能告知', declined: '客户不要', lapsed: '已过时', doubtful: '不确定' } as Record<string, string>,
    attemptStates: {
      barred: '平台不许', queued: '等着发', sending: '正在发', again: '还要再试', sent: '已发出', stored: '留在对话里', failed: '失败', doubtful: '不确定',
    } as Record<string, string>,
    manners: { message: '消息', template: '模板消息', none: '' } as Record<string, string>,
  },
};
