from collections import Mapping, OrderedDict, Sequence


def merge(left, right):
    """Merge right into left, deeply, right wins; lists are joined."""
    out = OrderedDict(left)
    for key, value in right.items():
        old = out.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            out[key] = dict(merge(old, value))
        elif is_list(old) and is_list(value):
            out[key] = list(old) + list(value)
        else:
            out[key] = value
    return out


def is_list(value):
    return isinstance(value, Sequence) and not isinstance(value, str)
