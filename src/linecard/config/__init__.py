"""Settings, URLs, the API's mount and the command line. The only room that knows all others."""
