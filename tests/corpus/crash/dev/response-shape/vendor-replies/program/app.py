from describe import describe_all

PRODUCTS = [
    {"sku": "N-10", "name": "tea pot"},
    {"sku": "S-77", "name": "bread knife"},
    {"sku": "N-11", "name": "cup"},
]

if __name__ == "__main__":
    for row in describe_all(PRODUCTS):
        print(row["sku"], "|", row["text"])
