"""The web adapter: health, hubs, acknowledgements. Knows Starlette and uvicorn alone."""
