"""From a wall to a package that runs it, and to what a package lacks when its wall has grown."""

from deciderkit.new.growing import Addition, what_to_add
from deciderkit.new.package import package_of

__all__ = ["Addition", "package_of", "what_to_add"]
