"""From scores to a list: diversity, the share under the radar, the best k."""
