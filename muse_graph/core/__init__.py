"""Pure numpy and scipy: similarity, scoring, ranking, genres, audience. No I/O anywhere below."""
