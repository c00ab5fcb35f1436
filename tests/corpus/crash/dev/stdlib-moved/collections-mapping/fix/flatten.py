import collections
from collections.abc import Iterable, Mapping


def flatten(value, prefix=""):
    """Turn nested settings into dotted names."""
    if isinstance(value, Mapping):
        flat = collections.OrderedDict()
        for key, inner in value.items():
            flat.update(flatten(inner, f"{prefix}.{key}" if prefix else str(key)))
        return flat
    if isinstance(value, Iterable) and not isinstance(value, str):
        value = ",".join(str(item) for item in value)
    return {prefix: value}


def counts(flat):
    return collections.Counter(name.split(".")[0] for name in flat)
