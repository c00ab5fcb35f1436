from budget import Budget
from crawler import Crawler
from site_map import SITES


def crawl_all(sites):
    return {name: Crawler(pages).run() for name, pages in sites.items()}


def main():
    for name, found in crawl_all(SITES).items():
        print(name, found)
    shared = Budget(5)
    print(Crawler(SITES["docs"], shared).run(), shared.left)


if __name__ == "__main__":
    main()
