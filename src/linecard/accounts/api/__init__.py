"""The API of people: users with their tokens, groups, resellers, and the audit log."""
