"""What artists see: analytics and influencers."""
