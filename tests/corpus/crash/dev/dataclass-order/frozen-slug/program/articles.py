import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Article:
    title: str
    author: str = "editors"
    slug: str = field(init=False)

    def __post_init__(self):
        self.slug = re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")
