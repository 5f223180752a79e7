"""Starts Rasa on loopback with our channel: ``python -m bot.nlu.serve``."""

from __future__ import annotations

import logging
import os
import sys


def main() -> None:
    """Serves the newest model until the process is told to stop."""
    _prepare_environment()
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_library_logging, configure_logging_and_warnings
    from sanic import Sanic

    from bot.nlu.paths import ROOT, newest_model

    os.chdir(ROOT)
    configure_logging_and_warnings(log_level=logging.INFO, warn_only_once=True, filter_repeated_logs=False)
    configure_library_logging()
    logging.getLogger("fangxin").setLevel(logging.INFO)
    model = newest_model()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    app = rasa.core.run.configure_app(
        input_channels=rasa.core.run.create_http_input_channels(None, str(ROOT / "credentials.yml")),
        cors=None,
        enable_api=False,  # our channel is the only way in
        endpoints=endpoints,
        use_uvloop=True,
    )

    async def load(app: Sanic, loop: object) -> None:
        from rasa.core.agent import load_agent

        from bot.nlu.tracker_store import unwrapped

        agent = await load_agent(model_path=str(model), endpoints=endpoints, loop=loop)
        if not agent.is_ready():
            raise SystemExit(f"model {model.name} could not be loaded")
        store = unwrapped(agent.tracker_store)
        store.domain = agent.domain
        agent.tracker_store = store
        agent.processor.tracker_store = store
        app.ctx.agent = agent
        logging.getLogger("fangxin").info("rasa.ready model=%s", model.name)

    app.register_listener(load, "before_server_start")
    app.register_listener(rasa.core.run.close_resources, "after_server_stop")
    port = int(os.environ.get("FANGXIN_RASA_PORT", "5005"))
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False)


def _prepare_environment() -> None:
    """Set before Rasa is imported: it reads these once."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("FANGXIN_ACTION_URL", f"http://127.0.0.1:{os.environ.get('FANGXIN_ACTION_PORT', '5055')}")
    from bot.nlu.paths import home

    os.environ.setdefault("FANGXIN_TRACKER_DB", str(home() / "tracker.db"))
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
