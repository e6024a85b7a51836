"""What a decider's author needs to test it: examples as given / when / then, and ready-made laws."""

from deciderkit.testing.given_when_then import ForgottenThen, given

__all__ = ["ForgottenThen", "given"]
