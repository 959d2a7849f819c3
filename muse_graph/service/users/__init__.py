"""Users, friendships, saves and discards."""
