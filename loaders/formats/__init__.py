"""Files as raw rows: CSV, JSON lines and Parquet, streamed."""
