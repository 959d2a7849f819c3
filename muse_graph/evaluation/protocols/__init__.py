"""One module a protocol of docs/quality.md."""
