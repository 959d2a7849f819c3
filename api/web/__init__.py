"""The pages that a browser sees, with their templates and static files."""
