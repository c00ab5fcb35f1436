from tally import Tally


def replay(lines):
    tally = Tally(["goal", "foul"])
    for line in lines:
        minute, kind, who = line.split(" ", 2)
        if int(minute) <= 90:
            tally.add(kind, who)
    return tally
