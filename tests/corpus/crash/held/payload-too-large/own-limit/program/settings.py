"""Settings of the catalogue service."""

HOST = "127.0.0.1"
# Price sheets of suppliers are one document of up to 64 KB; they must arrive whole.
MAX_UPLOAD_BYTES = 1024
TIMEOUT = 5
