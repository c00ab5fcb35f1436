"""The middleware for WSGI applications."""

from __future__ import annotations

from typing import Any

from nexoide.middleware.observed import Observed, enter, leave, link
from nexoide.probe import web
from nexoide.probe.guard import quietly


class _Request(Observed):
    __slots__ = ("_environ",)

    def __init__(self, environ: dict[str, Any]) -> None:
        super().__init__()
        self._environ = environ

    def raw_route(self) -> str:
        """Return the route: frameworks keep it in the environment that came in."""
        return web.environ_route(self._environ)


class _Body:
    """An answer that is given piece by piece: what happens meanwhile is of the request, which ends with it."""

    def __init__(self, body: Any, request: _Request) -> None:
        self._body, self._request = body, request
        self._pieces: Any = None
        self._sent = False

    def __iter__(self) -> _Body:
        return self

    def __next__(self) -> Any:
        request = self._request
        token = enter(request)
        try:
            if self._pieces is None:
                self._pieces = iter(self._body)
            piece = next(self._pieces)
            self._sent = True
            return piece
        except StopIteration:
            request.count()
            raise
        except BaseException as error:
            request.raised(error, sent=self._sent)
            request.count()
            raise
        finally:
            leave(token)

    def close(self) -> None:
        """Close the application's own answer, and count the request."""
        token = enter(self._request)
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        except BaseException as error:
            self._request.raised(error, sent=True)
            raise
        finally:
            self._request.count()
            leave(token)


class _SizedBody(_Body):
    def __len__(self) -> int:
        return len(self._body)


class HealingWsgiMiddleware:
    """Passes everything on untouched, and observes it; what the application raises is raised on unchanged."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer one request."""
        if type(environ) is not dict or link() is None:
            return self.app(environ, start_response)
        request = _Request(environ)
        token = enter(request)
        try:
            body = self.app(environ, _noting(start_response, request))
        except BaseException as error:
            request.raised(error, sent=False)
            request.count()
            raise
        finally:
            leave(token)
        if type(body) in (list, tuple):
            request.count()
            return body
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(wrapper, type) and type(body) is wrapper:
            request.count()
            return body  # the server sends the file itself where it sees its own wrapper
        return (_SizedBody if hasattr(type(body), "__len__") else _Body)(body, request)


def _noting(start_response: Any, request: _Request) -> Any:
    def noting(status: Any, headers: Any, *rest: Any, **named: Any) -> Any:
        if type(status) is str and status[:3].isdigit():
            request.status = int(status[:3])
        quietly(request.routed)
        information = rest[0] if rest else named.get("exc_info")
        if type(information) is tuple and len(information) == 3 and information[1] is not None:
            request.raised(information[1], sent=True)
        return start_response(status, headers, *rest, **named)

    return noting
