"""The drawings of networks: what a finding leads along is red, and its end dashed."""

from __future__ import annotations

from scripts.flowchart import Edge, Flowchart

RED = "stroke:#da3633,stroke-width:3px"


def chart() -> Flowchart:
    """A load balancer in two subnets of a VPC with one route table; and an internet gateway."""
    drawn = Flowchart()
    drawn.box("VPC home", "10.0.0.0/16")
    for name in ("a", "b"):
        drawn.node(f"subnet {name}", '["{}"]', box="VPC home")
        drawn.edges.append(Edge("load balancer web", f"subnet {name}", directed=False))
        drawn.edges.append(Edge(f"subnet {name}", "route table main"))
    drawn.node("load balancer web", '(["{}"])')
    drawn.node("route table main", '[("{}")]', "local routes only", box="VPC home")
    drawn.node("internet gateway igw", '(["{}"])')
    drawn.edges.append(Edge("internet gateway igw", "load balancer web", "10.0.0.0/16"))
    return drawn


def marks(drawn: Flowchart) -> list[str]:
    """The lines that a drawing has beside what it has without marks."""
    plain = chart().text().splitlines()
    lines = drawn.text().splitlines()
    assert lines[: len(plain)] == plain
    return [line.strip() for line in lines[len(plain) :]]


def test_nothing_is_red_without_a_finding() -> None:
    assert (
        chart().text()
        == """\
flowchart TB
  subgraph VPC_home["VPC home 10.0.0.0/16"]
    subnet_a["subnet a"]
    subnet_b["subnet b"]
    route_table_main[("route table main<br/>local routes only")]
  end
  load_balancer_web(["load balancer web"])
  internet_gateway_igw(["internet gateway igw"])
  load_balancer_web --- subnet_a
  subnet_a --> route_table_main
  load_balancer_web --- subnet_b
  subnet_b --> route_table_main
  internet_gateway_igw -- "10.0.0.0/16" --> load_balancer_web
"""
    )


def test_a_chain_is_red_up_to_what_is_missing() -> None:
    drawn = chart()
    drawn.mark(0, ("load balancer web", "subnet a, subnet b", "route table main", "no route"))
    assert marks(drawn) == [
        'missing_0["no route"]:::missing',
        "route_table_main -.-> missing_0",
        f"classDef wrong {RED}",
        "class load_balancer_web,route_table_main,subnet_a,subnet_b wrong",
        f"classDef missing {RED},stroke-dasharray:6 4",
        f"linkStyle 0,1,2,3,5 {RED}",
    ]


def test_chains_of_one_finding_that_end_alike_end_at_one_place() -> None:
    drawn = chart()
    for name in ("a", "b"):
        drawn.mark(0, ("load balancer web", f"subnet {name}", "us-east-1a"))
    found = marks(drawn)
    assert found[:3] == [
        'missing_0["us-east-1a"]:::missing',
        "subnet_a -.-> missing_0",
        "subnet_b -.-> missing_0",
    ]
    assert found[-1] == f"linkStyle 0,2,5,6 {RED}"


def test_findings_that_end_alike_have_an_end_each() -> None:
    drawn = chart()
    for number, name in enumerate("ab"):
        drawn.mark(number, (f"subnet {name}", "no route"))
    assert [line for line in marks(drawn) if "-.->" in line] == [
        "subnet_a -.-> missing_0",
        "subnet_b -.-> missing_1",
    ]


def test_a_chain_that_ends_at_what_is_drawn_has_nothing_dashed() -> None:
    drawn = chart()
    drawn.mark(0, ("load balancer web", "vpcId", "subnet b"))
    assert marks(drawn) == [
        f"classDef wrong {RED}",
        "class load_balancer_web,subnet_b wrong",
        f"linkStyle 2 {RED}",
    ]


def test_a_chain_of_what_is_not_drawn_marks_nothing() -> None:
    drawn = chart()
    drawn.mark(0, ("record www", "no health check"))
    assert marks(drawn) == []
