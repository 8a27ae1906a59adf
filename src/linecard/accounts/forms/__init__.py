"""What people type on the pages of the accounts room. The rules themselves are the actions'."""
