import re


class CouponBook:
    """Codes such as SPRING-10, and the percentage each of them is worth."""

    PATTERN = re.compile(r"[A-Z]+-\d+")

    def __init__(self, percentages, maximum):
        self._percentages = percentages
        self._maximum = maximum

    def normalise(self, code):
        return code.strip().upper()

    def percentage(self, code):
        code = self.normalise(code)
        if not self.PATTERN.fullmatch(code):
            return 0
        return min(self._percentages.get(code, 0), self._maximum)

    def discount(self, code, amount):
        return round(amount * self.percentage(code) / 100, 2)
