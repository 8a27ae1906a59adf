"""What all pages and API calls share: shell, grid, headers, logs, metrics, documentation. No domain."""
