from collections import deque


def window(values, size):
    recent = deque(maxlen=size)
    for value in values:
        recent.append(value)
        if len(recent) == size:
            yield list(recent)
