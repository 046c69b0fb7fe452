"""The pages of the desk: they translate between people and the verbs."""
