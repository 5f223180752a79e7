"""Checks a page with axe-core, as the front end's packages bring it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Frame, Page

from bot.settings import ROOT

#: Whatever is half faded in is pale; what turns for ever (a spinner) is not waited for.
AT_REST = """Promise.allSettled(
  document.getAnimations()
    .filter((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime < Infinity)
    .map((one) => one.finished)
)"""
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page | Frame) -> list[str]:
    """What axe holds against the page, a line each; the page's own frames are not looked into.

    The script is evaluated and not added as a tag, which a strict Content-Security-Policy would forbid.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(AT_REST)
    found: dict[str, Any] = page.evaluate("axe.run(document, {iframes: false, resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {rule['help']} – {node['target']} {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
