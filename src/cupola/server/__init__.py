"""The web server: catalog, live stream, security, the page; each room's routes under its name."""
