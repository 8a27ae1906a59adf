"""What every room stands on: errors, money, names and the clock. Standard library only."""
