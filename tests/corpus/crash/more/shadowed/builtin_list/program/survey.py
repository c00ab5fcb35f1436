from collections import defaultdict


def positions(answers):
    found = defaultdict(list)
    for index, answer in enumerate(answers):
        found[answer].append(index)
    return found


def summarise(answers):
    rows = []
    list = positions(answers)
    for answer in sorted(list):
        places = list[answer]
        rows.append((answer, len(places), places[0]))
    rows.sort(key=lambda row: (-row[1], row[0]))
    return list(rows)
