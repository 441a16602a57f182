"""Models of the zoo that are known to fail, and why."""

KNOWN_TO_FAIL: dict[str, str] = {}
