"""How soon the chat page can be used on a slow phone: ``python -m scripts.bench_page [URL]`` against a running copy.

A cold cache, a processor four times slower, and two nets: Lighthouse's slow 4G as a line (1.6 Mbit/s down, 750 kbit/s
up, 150 ms for each answer), and the preset "Slow 4G" of Chrome's developer tools (1.44 Mbit/s, 675 kbit/s, 562.5 ms).
Usable means that the customer can type; what they send before the line stands waits and is sent then.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from bot.settings import Settings

ROUNDS = 7
CPU_SLOWDOWN = 4
PHONE = ViewportSize(width=375, height=667)
LIMIT_MS = 2_000
KILOBIT = 1000 / 8
#: Remembers when the input was painted and when the line stood, in milliseconds since the page was asked for.
WATCH = """
const seen = {};
const mark = (name) => requestAnimationFrame(() => setTimeout(() => (seen[name] ??= performance.now())));
new MutationObserver(() => {
  if (document.querySelector('[data-testid=chat-input]')) mark('usable');
  if (document.querySelector('[data-testid=connection-state][data-state=online]')) mark('connected');
}).observe(document, { subtree: true, childList: true, attributes: true });
globalThis.fangxinSeen = seen;
"""


@dataclass(frozen=True)
class Net:
    name: str
    down_kilobit: float
    up_kilobit: float
    latency_ms: float


NETS = (
    Net("Lighthouse slow 4G", 1638.4, 750, 150),
    Net("DevTools Slow 4G", 1440, 675, 562.5),
)


@dataclass(frozen=True)
class Load:
    """One first load."""

    painted_ms: float
    usable_ms: float
    connected_ms: float
    usable_bytes: float  #: over the wire until it could be used


def main() -> int:
    url = sys.argv[1] if len(sys.argv) > 1 else Settings().base_url
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    slowest = 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        print(f"{url}/chat: {ROUNDS} first loads, processor {CPU_SLOWDOWN} times slower (median, slowest)")
        for net in NETS:
            loads = [first_load(browser, url, net) for _ in range(ROUNDS)]
            print(f"{net.name} ({net.down_kilobit:.0f} kbit/s, {net.latency_ms} ms)")
            for name in ("painted_ms", "usable_ms", "connected_ms"):
                values = [getattr(load, name) for load in loads]
                print(f"  {name:<13} {statistics.median(values):5.0f} {max(values):6.0f}")
            print(f"  {loads[0].usable_bytes / 1000:.1f} kB over the wire")
            slowest = max(slowest, statistics.median(load.usable_ms for load in loads))
        browser.close()
    return int(slowest >= LIMIT_MS)


def first_load(browser: Browser, url: str, net: Net) -> Load:
    with browser.new_context(viewport=PHONE, locale="zh-CN", bypass_csp=True) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        device = context.new_cdp_session(page)
        received: list[float] = []
        device.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        device.send("Network.enable")
        device.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": net.latency_ms,
                "downloadThroughput": net.down_kilobit * KILOBIT,
                "uploadThroughput": net.up_kilobit * KILOBIT,
            },
        )
        device.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        page.goto(f"{url}/chat", wait_until="commit")
        page.wait_for_function("fangxinSeen.usable")
        used = sum(received)
        page.wait_for_function("fangxinSeen.connected")
        seen = page.evaluate("fangxinSeen")
        painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
        return Load(painted, seen["usable"], seen["connected"], used)


if __name__ == "__main__":
    sys.exit(main())
