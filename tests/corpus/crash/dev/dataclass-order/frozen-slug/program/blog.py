from articles import Article
from index import Index

TITLES = ["Why pagers wake us", "Tea, and other outages", "Why pagers wake us"]


def build(titles):
    index = Index()
    for title in titles:
        index.add(Article(title))
    return index


def main():
    for slug, visits in build(TITLES).listing():
        print(slug, visits)


if __name__ == "__main__":
    main()
