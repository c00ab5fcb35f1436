from catalogue import Product, find_by_tag


def build():
    lamp = Product("lamp", 39.0)
    desk = Product("desk", 180.0, tags=["office"])
    lamp.tags.append("light")
    lamp.prices["CHF"] = 41.0
    return [lamp, desk]


def main():
    products = build()
    for product in products:
        print(product.name, product.price_in("EUR"), product.tags)
    print([p.name for p in find_by_tag(products, "light")])


if __name__ == "__main__":
    main()
