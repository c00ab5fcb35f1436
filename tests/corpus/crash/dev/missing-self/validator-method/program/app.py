from coupons import CouponBook

CODES = ["SPRING-10", "spring-10", "BAD", "VIP-50"]


def main():
    book = CouponBook({"SPRING-10": 10, "VIP-50": 50}, maximum=30)
    for code in CODES:
        print(code, book.discount(code, 200.0))


if __name__ == "__main__":
    main()
