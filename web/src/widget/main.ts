import { startWidget } from './widget';

// Read now: `currentScript` is null once the script has run.
const script = document.currentScript as HTMLScriptElement | null;
if (script) {
  if (document.body) startWidget(script);
  else document.addEventListener('DOMContentLoaded', () => startWidget(script));
}
