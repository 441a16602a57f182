"""The web server: catalog, live stream, security, the page; each plugin's routes under its name."""
