"""Opening data: what is plain is opened at once, and of the rest a person sees the first rows before it is."""
