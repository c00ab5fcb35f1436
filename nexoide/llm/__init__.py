"""Language models behind one small interface: a worker process of its own, a ledger of what they cost, typed errors."""
