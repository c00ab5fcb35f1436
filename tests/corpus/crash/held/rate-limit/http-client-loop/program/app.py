import sys

import feed
import valuation


def main(argv):
    address = feed.open_feed()
    holdings = {"gold": 10, "silver": 100, "copper": 1000}
    print("holdings are worth", valuation.value(address, holdings))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
