from .stock import Stock
from .pricing import price_of

__all__ = ["Stock", "price_of"]
