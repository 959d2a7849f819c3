"""The routes of /api/v1 and of health, one module a resource."""
