from pay.settle import settle

ORDERS = [
    {"no": 1, "cents": 1250, "by": "wallet"},
    {"no": 2, "cents": 99000, "by": "wallet"},
    {"no": 3, "cents": 4999, "by": "card"},
]


if __name__ == "__main__":
    captured, pending = settle(ORDERS)
    print(f"captured {captured / 100:.2f}, pending {pending}")
