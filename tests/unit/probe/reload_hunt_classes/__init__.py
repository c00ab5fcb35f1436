"""Changes of classes, and transactions that fail or are taken back, as programs of users have them."""
