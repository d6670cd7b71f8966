"""WebSub: hubs that push what is new, so that it need not be polled for."""
