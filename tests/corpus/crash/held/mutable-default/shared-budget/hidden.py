import sys

sys.path.insert(0, "")
import crawl
from budget import Budget, BudgetSpent
from crawler import Crawler

assert crawl.crawl_all(crawl.SITES) == {"docs": ["/", "/a", "/b"], "shop": ["/", "/x", "/y"]}
assert crawl.crawl_all(crawl.SITES) == crawl.crawl_all(crawl.SITES)
shared = Budget(5)
Crawler(crawl.SITES["docs"], shared).run()
assert shared.left == 2
try:
    Crawler(crawl.SITES["shop"], shared).run()
    raise SystemExit("a shared budget was not shared")
except BudgetSpent:
    pass
big = {"/": ["/1"], "/1": ["/2"], "/2": ["/3"], "/3": ["/4"], "/4": []}
try:
    Crawler(big).run()
    raise SystemExit("the usual budget is four pages")
except BudgetSpent:
    pass
