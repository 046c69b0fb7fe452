"""The refusals of agreements. Each message is a sentence for a person."""


class AgreementSavedMeanwhile(Exception):
    """Somebody else saved the agreement first; nothing was changed."""
