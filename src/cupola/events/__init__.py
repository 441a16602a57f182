"""The file language: wire format, events, tensors, values."""
