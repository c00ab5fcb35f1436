import sys

sys.path.insert(0, ".")

import asyncio

import pages
from crawler import crawl, degrees

assert asyncio.run(crawl("/")) == ["/", "/about", "/shop", "/shop/1"]
assert asyncio.run(crawl("/shop")) == ["/shop", "/shop/1", "/", "/about"]
assert asyncio.run(crawl("/about")) == ["/about"]
assert asyncio.run(degrees(["/", "/about"])) == {"/": 2, "/about": 0}
