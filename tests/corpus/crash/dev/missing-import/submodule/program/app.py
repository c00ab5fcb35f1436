from reader import Reader

FEED = "<rss><channel>{}</channel></rss>"
ITEM = "<item><title> {0} </title><link>https://blog.example/{0}</link></item>"


def main() -> None:
    reader = Reader()
    for names in (["one", "two"], ["two", "three"]):
        text = FEED.format("".join(ITEM.format(name) for name in names))
        print([entry.title for entry in reader.fresh(text)])


if __name__ == "__main__":
    main()
