"""A small order service: customers, stock, prices, orders and a support desk."""
