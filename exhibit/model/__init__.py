"""What flows through the house. Values are frozen; the arrays inside them are read-only."""
