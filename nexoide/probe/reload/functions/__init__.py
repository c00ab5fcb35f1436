"""Functions and methods: bodies, signatures, decorators, and whoever holds them."""
