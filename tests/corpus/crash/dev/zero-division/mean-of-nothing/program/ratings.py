from dataclasses import dataclass, field


@dataclass
class Product:
    name: str
    ratings: list[int] = field(default_factory=list)


def average(product: Product) -> float:
    """The mean rating; 0.0 for a product that nobody has rated yet."""
    return round(sum(product.ratings) / len(product.ratings), 2)


def ranking(products: list[Product]) -> list[str]:
    return [p.name for p in sorted(products, key=lambda p: (-average(p), p.name))]
