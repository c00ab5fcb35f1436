"""Errors that are the caller's, with the HTTP status they become."""


class ShopError(Exception):
    status = 400


class NotFound(ShopError):
    status = 404


class Conflict(ShopError):
    status = 409
