import peers

TEXT = """\
# the ring
alpha:9001
beta        # new machine
gamma:9003
"""


def ring(text):
    members = peers.parse_peers(text)
    return [(a, b) for a, b in zip(members, members[1:] + members[:1])]


if __name__ == "__main__":
    for left, right in ring(TEXT):
        print(left, "->", right)
