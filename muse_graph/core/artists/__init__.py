"""What artists learn of their audience: how far, who may be counted, tastes, spread and reach. No I/O."""
