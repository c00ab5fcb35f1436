import collector
import shipper


def sample(count):
    return [{"sensor": f"t{i % 7}", "at": 1700000000 + i, "value": round(18 + i % 9 * 0.5, 1)} for i in range(count)]


def main():
    url = collector.start()
    sent = shipper.ship(url, sample(20))
    print("shipped", sent)
    sent = shipper.ship(url, sample(240))
    print("shipped", sent)


if __name__ == "__main__":
    main()
