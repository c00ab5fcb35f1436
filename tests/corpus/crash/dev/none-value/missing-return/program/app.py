from compare import report
from offers import Offer

PRODUCTS = {
    "drill": [Offer("A", 99.0, 0.1), Offer("B", 92.0), Offer("C", 100.0, 0.2)],
    "saw": [Offer("A", 40.0), Offer("C", 45.0, 0.05)],
}


if __name__ == "__main__":
    for name, saved in report(PRODUCTS).items():
        print(f"{name}: {saved:.2f} saved")
