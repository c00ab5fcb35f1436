from gather import left_over

if __name__ == "__main__":
    for sku, left in sorted(left_over(["bonn", "kiel"]).items()):
        print(sku, left)
