"""The managed policies, as the script finds them in the installed SDK."""

from __future__ import annotations

from policies.model.managed_policies import is_missing
from scripts.make_managed_policies import by_path, listed, main, moved
from scripts.make_region_local_properties import installed

OF_AWS = "arn:aws:iam::aws:policy"


def test_every_policy_of_the_installed_provider_is_where_the_list_has_it() -> None:
    arns = listed((installed() / "iam" / "_enums.py").read_text(encoding="utf-8"))
    assert len(arns) > 500
    assert moved(arns) == []
    assert not any(map(is_missing, arns))
    assert main(["--check"]) == 0


def test_the_script_sorts_the_policies_by_their_paths() -> None:
    enumeration = f'A = "{OF_AWS}/job-function/Billing"\nB = "{OF_AWS}/ReadOnlyAccess"\nC = "x"'
    found = by_path(listed(enumeration))
    assert found["job-function"] == ["Billing"]
    assert found[""] == ["ReadOnlyAccess"]
