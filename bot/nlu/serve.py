"""Starts Rasa on loopback with our channel: ``python -m bot.nlu.serve``."""

from __future__ import annotations

import logging
import os

from bot.nlu.environment import prepare_environment, quiet_logs
from bot.nlu.on_demand import leave_tensorflow_unread


def main() -> None:
    """Serves the newest model until the process is told to stop."""
    prepare_environment()
    leave_tensorflow_unread()
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints
    from sanic import Sanic

    from bot.nlu.paths import ROOT, newest_model

    os.chdir(ROOT)
    quiet_logs(logging.INFO)
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

        from bot.nlu.runner import InOrder
        from bot.nlu.tracker_store import unwrapped

        agent = await load_agent(model_path=str(model), endpoints=endpoints, loop=loop)
        if not agent.is_ready():
            raise SystemExit(f"model {model.name} could not be loaded")
        store = unwrapped(agent.tracker_store)
        store.domain = agent.domain
        agent.tracker_store = store
        agent.processor.tracker_store = store
        agent.processor.graph_runner = InOrder.of(agent.processor.graph_runner)
        app.ctx.agent = agent
        logging.getLogger("fangxin").info("rasa.ready model=%s", model.name)

    app.register_listener(load, "before_server_start")
    app.register_listener(rasa.core.run.close_resources, "after_server_stop")
    port = int(os.environ.get("FANGXIN_RASA_PORT", "5005"))
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False)


if __name__ == "__main__":
    main()
