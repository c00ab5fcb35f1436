"""Changes of httpx that depend on what a value is."""

from __future__ import annotations

import ast
import re

from nexoide.repair.context import Context
from nexoide.repair.moved.repair import Repair
from nexoide.repair.moved.rewrite import Rewriter
from nexoide.repair.naming.packages import Layout


def proxies(context: Context, layout: Layout) -> Repair | None:
    """Name one proxy, or mount one for each scheme, where `proxies` did both."""
    if not re.search(r"\(\) got an unexpected keyword argument 'proxies'", context.raised.message):
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    nodes = context.nodes(lambda node: isinstance(node, ast.Call) and any(item.arg == "proxies" for item in node.keywords))
    for node in nodes[:1]:
        assert isinstance(node, ast.Call)
        item = next(item for item in node.keywords if item.arg == "proxies")
        start, end = module.span(item)
        value = item.value
        view = context.view(value)
        held = _assigned(module.tree, value) if isinstance(value, ast.Name) else value
        if isinstance(held, ast.Dict) or (view is not None and view.type == "dict"):
            texts = {module.segment(part) for part in held.values} if isinstance(held, ast.Dict) and held is value else set()
            if len(texts) == 1:
                rewriter.span(start, end, f"proxy={texts.pop()}")
            else:
                asynchronous = "Async" in module.segment(node.func)
                transport = rewriter.imports.use("httpx.AsyncHTTPTransport" if asynchronous else "httpx.HTTPTransport")
                text = f"mounts={{scheme: {transport}(proxy=proxy) for scheme, proxy in {module.segment(value)}.items()}}"
                rewriter.span(start, end, text)
        else:
            rewriter.span(start, start + len("proxies"), "proxy")
    return Repair(
        "name the proxy as httpx takes it now",
        "httpx has no proxies since 0.28: one proxy is given as `proxy`, one for each scheme as `mounts`. The edit gives the same proxy in that way.",
        tuple((module, edit) for edit in rewriter.edits()),
        0.94,
    )


def _assigned(tree: ast.AST, name: ast.Name) -> ast.expr | None:
    found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and any(getattr(item, "id", "") == name.id for item in node.targets)]
    return found[0] if len(found) == 1 else None
