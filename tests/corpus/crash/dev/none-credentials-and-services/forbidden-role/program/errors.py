class ServiceError(Exception):
    status = 500


class PermissionDenied(ServiceError):
    status = 403


class NotFound(ServiceError):
    status = 404
