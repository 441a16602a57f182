"""The file format and nothing else: wire format, events, tensors."""
