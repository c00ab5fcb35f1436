"""The control plane: FastAPI on a Unix socket; commands are HTTP calls, the event stream is a WebSocket with a cursor."""
