class Quota:
    LIMITS = {"free": 100, "team": 1_000, "firm": 10_000}

    def __init__(self, plan: str, used: int = 0) -> None:
        self.plan = plan
        self.used = used

    @classmethod
    def cheapest_for(cls, need: int) -> "Quota":
        """The smallest plan that holds so much; raises ValueError where none does."""
        for plan, limit in sorted(cls.LIMITS.items(), key=lambda pair: pair[1]):
            if limit >= need:
                return cls(plan)
        raise ValueError(f"no plan holds {need}")

    def left(self) -> int:
        return self.LIMITS[self.plan] - self.used

    def take(self, count: int) -> bool:
        if count > self.left():
            return False
        self.used += count
        return True
