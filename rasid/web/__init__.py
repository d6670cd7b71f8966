"""The web adapter: health and the callback of hubs. Knows Starlette and uvicorn alone."""
