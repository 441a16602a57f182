"""Matrix files as embeddings, without a log directory: NumPy's, Parquet, Arrow, safetensors, TSV, CSV."""
