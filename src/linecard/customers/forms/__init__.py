"""Forms over declared fields. They read and show; what is refused is for the actions to say."""
