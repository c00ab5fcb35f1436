import sys

sys.path.insert(0, ".")

from blog.routes import Routes
from blog.store import Store

routes = Routes(Store())
assert routes.create("Café au lait", "x") == "/posts/cafe-au-lait"
assert routes.create("cafe AU lait", "x") == "/posts/cafe-au-lait-2"
assert routes.show("/posts/cafe-au-lait") == "Café au lait"
