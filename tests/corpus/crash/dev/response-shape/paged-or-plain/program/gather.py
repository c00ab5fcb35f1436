from collections import Counter

from branches import stock


def items_of(branch):
    page = 0
    while page is not None:
        answer = stock(branch, page)
        yield from answer["items"]
        page = answer["next"]


def left_over(branches):
    total = Counter()
    for branch in branches:
        for item in items_of(branch):
            total[item["sku"]] += item["left"]
    return total
