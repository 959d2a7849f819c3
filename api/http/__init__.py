"""What every route shares: errors, validation, responses, the OpenAPI description, logs and metrics."""
