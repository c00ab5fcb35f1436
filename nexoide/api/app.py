"""The FastAPI app: routers, errors as sentences, no page that loads anything from elsewhere."""

from __future__ import annotations

from fastapi import FastAPI

from nexoide import __version__
from nexoide.api.answers import BodyLimit, add_handlers
from nexoide.api.contract import Supervisor
from nexoide.api.routers import analysis, errors, incidents, journal, patches, reload, status, targets
from nexoide.api.stream import events


def create_app(supervisor: Supervisor) -> FastAPI:
    """Return the control plane of one supervisor; who may connect is checked where it is served (`serve`)."""
    app = FastAPI(title="nexoide", version=__version__, docs_url=None, redoc_url=None)
    for noun in (status, incidents, patches, journal, targets, reload, errors, analysis):
        app.include_router(noun.routes(supervisor), prefix="/v1")
    app.include_router(errors.routes(supervisor), prefix="/api/v1")  # the path under which it is served on TCP, too
    app.include_router(events(supervisor), prefix="/v1")
    app.add_middleware(BodyLimit)
    add_handlers(app)
    return app
