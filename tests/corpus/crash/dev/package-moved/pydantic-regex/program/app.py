from intake import intake

RAW = [
    {"number": 1, "lines": [{"sku": "AB-12", "count": 2}]},
    {"number": 2, "lines": [{"sku": "nope"}]},
    {"number": 3, "lines": []},
]

if __name__ == "__main__":
    for raw in RAW:
        order, wrong = intake(raw)
        print(raw["number"], "ok" if order else f"refused: {wrong}")
