import datetime as dt

from feed import Item, newest


def main():
    now = dt.datetime.now(dt.timezone.utc)
    items = [
        Item("old", (now - dt.timedelta(hours=30)).isoformat()),
        Item("new", (now - dt.timedelta(hours=2)).isoformat()),
    ]
    print(newest(items).title)
    for item in items:
        print(item.title, item.age_hours())


if __name__ == "__main__":
    main()
