import sys

sys.path.insert(0, ".")

from compare import report
from offers import Offer, best_offer

offers = [Offer("A", 99.0, 0.1), Offer("B", 92.0), Offer("C", 100.0, 0.2)]
assert best_offer(offers, with_rebates=True) == Offer("C", 80.0)
assert best_offer(offers) == Offer("B", 92.0)
assert report({"x": offers}) == {"x": 12.0}
