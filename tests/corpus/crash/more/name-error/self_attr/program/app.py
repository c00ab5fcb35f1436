from cache import LruCache


def main():
    cache = LruCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    print(sorted(cache.keys()))


if __name__ == "__main__":
    main()
