"""The pages of artists and their managers: a report in daylight. One module a page."""
