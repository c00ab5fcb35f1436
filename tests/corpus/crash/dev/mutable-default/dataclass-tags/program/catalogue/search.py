from catalogue.product import Product


def find_by_tag(products: list[Product], tag: str) -> list[Product]:
    return [product for product in products if tag in product.tags]
