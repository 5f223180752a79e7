/** One's own account at the desk, and help by a supervisor. */
export const deskAccount = {
  Account: {
    turnOn: '开启动态验证码',
    turnOff: '关闭动态验证码',
    scan: '用手机上的身份验证器（如 Microsoft Authenticator、Google Authenticator）扫一扫，再填它显示的 6 位验证码。以后登录要填密码和验证码。',
    qr: '给身份验证器扫的二维码',
    orType: '扫不了，就在验证器里手动输入密钥：',
    offText: '关闭以后，只用密码就能登录。请填身份验证器上现在的验证码。',
    code: '验证码',
    codeRule: '请填 6 位数字',
    confirm: '开启',
  },
  Help: {
    ask: '请主管',
    askTitle: '请主管来一起处理',
    askText: '客户仍由您接待。主管来了可以直接写给客户，也可以用悄悄话告诉您。',
    why: '请主管帮什么',
    whys: ['客户要求主管出面', '超出我的权限', '客户情绪激动', '需要特批'],
    end: '不用主管了',
    join: '去帮忙',
    leave: '离开',
    standing: (name: string | null, why: string) => (name ? `${name}也在接待：${why}` : `已请主管，还没有人来：${why}`),
  },
};
