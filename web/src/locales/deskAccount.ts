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
};
