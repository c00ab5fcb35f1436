"""Columns of the supplier's file: date;branch;sku;pieces;price"""

DATE = 0
BRANCH = 1
SKU = 2
PIECES = 3
PRICE = 4
