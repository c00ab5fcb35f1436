import sys

sys.path.insert(0, ".")

from agent import Agent

assert Agent().step("calc:3*5") == "15"
assert Agent().step("lookup:lamp") == "lamp: 4 in stock"
assert Agent().run(["lookup:chair", "calc:2*2"]) == "chair: 0 in stock / 4"
