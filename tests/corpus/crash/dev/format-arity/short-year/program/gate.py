from collections import Counter, namedtuple

from stamps import parse_stamp

Pass = namedtuple("Pass", "at direction")


def parse_lines(text):
    passes = []
    for line in text.splitlines():
        day, time, direction = line.split()
        passes.append(Pass(parse_stamp(f"{day} {time}"), direction))
    return passes


def busiest(passes):
    return Counter(item.at.date().isoformat() for item in passes).most_common(1)[0]
