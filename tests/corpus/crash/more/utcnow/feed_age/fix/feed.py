import datetime
from dataclasses import dataclass


@dataclass
class Item:
    title: str
    published: str

    def moment(self):
        return datetime.datetime.fromisoformat(self.published)

    def age_hours(self):
        age = datetime.datetime.now(datetime.timezone.utc) - self.moment()
        return int(age.total_seconds() // 3600)


def newest(items):
    return max(items, key=Item.moment)
