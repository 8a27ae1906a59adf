"""Forms over declared fields. They read and show; what is refused is for the actions to say."""

from linecard.customers.forms import schedules as schedules  # its control is known from here on
