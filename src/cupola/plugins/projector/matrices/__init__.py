"""Matrix files (`.npy`, `.npz`, Parquet, Arrow, safetensors, TSV, CSV) as embeddings, without a log directory."""
