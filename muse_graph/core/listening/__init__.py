"""What is derived from listens: profiles, monthly buckets, audiences."""
