"""What belongs to one user as a whole: taken away in a file, or erased."""
