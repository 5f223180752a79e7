/** The loader's style sheet; it lives in its shadow root. */
export const css = `
:host{--brand:#0f6b5c}
[hidden]{display:none!important}
button{position:fixed;right:24px;bottom:24px;z-index:2147483000;width:60px;height:60px;padding:0;border:0;border-radius:50%;background:var(--brand);color:#fff;cursor:pointer;box-shadow:0 6px 20px rgba(16,40,36,.28);transition:transform .15s}
button:hover{transform:translateY(-2px)}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px var(--brand)}
svg{width:32px;height:32px;display:block;margin:auto;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.badge{position:absolute;top:-4px;right:-4px;min-width:22px;height:22px;padding:0 6px;box-sizing:border-box;border-radius:11px;background:#c0392b;color:#fff;font:600 13px/22px system-ui,sans-serif;text-align:center}
.panel{position:fixed;right:24px;bottom:100px;z-index:2147483000;width:400px;height:min(680px,calc(100vh - 124px));border-radius:16px;overflow:hidden;background:#f4f6f5;box-shadow:0 12px 40px rgba(16,40,36,.24)}
.left{right:auto;left:24px}
iframe{width:100%;height:100%;border:0;display:block}
@media(max-width:600px){.panel{inset:0;width:100%;height:100%;height:100dvh;border-radius:0}button.open{display:none}button{right:16px;bottom:calc(16px + env(safe-area-inset-bottom,0px))}button.left{left:16px}}
@media(prefers-reduced-motion:reduce){button{transition:none}}
`;
