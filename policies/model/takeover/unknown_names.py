"""What a reference may name although it names nothing that is known.

A program may name by a literal what has this name by a value that is not known yet.
"""

from __future__ import annotations

from ..arns import FORMS
from ..references import Outside, Reference, possible
from ..resource import Resource
from ..values import Unknown


def may_name(reference: Reference, resource: Resource) -> bool:
    """Whether the reference names the resource, for sure or for all that is known."""
    if resource in possible(reference) or reference == Outside():
        return True
    return isinstance(reference, Outside) and is_named_by_the_unknown(resource)


def is_named_by_the_unknown(resource: Resource) -> bool:
    """Whether the program gives the resource a name that is not known yet. What AWS names when it
    makes it, no literal can name before."""
    form = FORMS.get(resource.kind)
    return form is not None and isinstance(resource.text(form.property), Unknown)
