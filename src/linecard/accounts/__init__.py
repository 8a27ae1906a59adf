"""Users, resellers, API tokens, and what a user may see."""
