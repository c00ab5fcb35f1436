from catalogue.product import Product
from catalogue.search import find_by_tag

__all__ = ["Product", "find_by_tag"]
