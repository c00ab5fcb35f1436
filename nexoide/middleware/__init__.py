"""Middleware for web applications: their failures with route, method and status, and what each route does.

    from nexoide.middleware import HealingMiddleware
    app.add_middleware(HealingMiddleware)                 # FastAPI, Starlette; HealingMiddleware(app) for any ASGI application

    from nexoide.middleware import HealingWsgiMiddleware
    app.wsgi_app = HealingWsgiMiddleware(app.wsgi_app)    # Flask; HealingWsgiMiddleware(application) for any WSGI application

It runs in the program's process, from the standard library and the probe alone. Where no probe runs, requests pass through it.
"""

from __future__ import annotations

from nexoide.middleware.asgi import HealingMiddleware
from nexoide.middleware.wsgi import HealingWsgiMiddleware

__all__ = ["HealingMiddleware", "HealingWsgiMiddleware"]
