"""Layouts: coordinates of all points in 2 or 3 dimensions, by t-SNE, UMAP, or axes that somebody chose.

What takes long is a job (`jobs`) in a process of its own (`worker`), which streams frames while it converges.
docs/design/0009-projector-layouts.md has the names and why the methods are the codec's own kernels.
"""
