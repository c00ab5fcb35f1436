from plugins.manifest import Manifest

__all__ = ["Manifest", "load_order"]


def load_order(manifests):
    """Names in an order in which every plugin comes after what it needs."""
    by_name = {m.name: m for m in manifests}
    order = []

    def visit(name):
        if name not in order:
            for need in by_name[name].needs:
                visit(need)
            order.append(name)

    for name in sorted(by_name):
        visit(name)
    return order
