"""A page of a bank's, on a site of its own and under a strict policy, that holds the widget."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: What docs/widget.md asks a host page to allow, and nothing else; Trusted Types on top.
POLICY = (
    "default-src 'none'; script-src {service}; frame-src {service}; connect-src 'self'; "
    "require-trusted-types-for 'script'"
)
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>银行</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><h1>个人贷款</h1>
<script src="{service}/widget.js" data-title="贷款顾问" data-color="#1a4fa0" {options} defer></script>
</body></html>"""


@dataclass
class BankPage:
    """``identities`` are the signed words that the page's server gives, one a visit."""

    url: str
    service: str = ""
    identities: list[str] = field(default_factory=list)

    def answer(self, path: str) -> tuple[str, str]:
        if path == "/identity":
            return "text/plain", self.identities.pop(0)
        options = 'data-identity-url="/identity"' if path == "/signed-in" else ""
        return "text/html", PAGE.format(service=self.service, options=options)


@contextmanager
def bank_page() -> Iterator[BankPage]:
    """Served under ``localhost``: to a browser another site than the service at 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = page.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY.format(service=page.service))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    page = BankPage(f"http://localhost:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield page
    finally:
        server.shutdown()
        server.server_close()
