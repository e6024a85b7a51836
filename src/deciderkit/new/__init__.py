"""From a wall to a package that runs it, and to what a package lacks when its wall has grown."""

from deciderkit.new.package import package_of

__all__ = ["package_of"]
