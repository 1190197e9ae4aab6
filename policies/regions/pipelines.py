"""Artifact stores of pipelines: a region for each where there are several, none where there is one.

The provider compares them when it creates or updates a pipeline, long after a preview
(terraform-provider-aws, `internal/service/codepipeline/codepipeline.go`).
"""

from __future__ import annotations

from typing import Final

from ..model import values
from ..model.inputs import Block, Declared
from ..model.truth import Truth
from ..model.values import Known
from ..refusal import Refusal, Topic, family
from ..rule import Evidence

_PIPELINE: Final = "aws:codepipeline/pipeline:Pipeline"
_STORES: Final = "artifactStores"
_LOGS: Final = "the provider, public deployment logs"


def _is_alone(pipeline: Declared) -> Truth:
    match values.items(pipeline.at(_STORES)):
        case Known(stores):
            return Truth.of(len(stores) == 1)
    return pipeline.has(_STORES)


def _are_several(pipeline: Declared) -> Truth:
    return pipeline.has(_STORES) & ~_is_alone(pipeline)


def _share_region(one: Block, other: Block) -> Truth:
    match values.text(other.at("region")):
        case Known(region):
            return one.says("region", region)
    return other.has("region")


CODEPIPELINE_REGION = family(
    Topic(
        name="codepipeline-region",
        title="Regions of a pipeline's artifact stores",
        description="A pipeline with several artifact stores must state the region of each, all "
        "different; a pipeline with one store must not state it.",
        tags=("aws", "codepipeline"),
        unread="it is the provider of aws that compares the stores",
        fix="Set region on each of several artifact stores, and remove it from a single one.",
    ),
    Refusal(
        id="single-store-with-region",
        kinds=(_PIPELINE,),
        says="has a single artifact store with a region",
        when=lambda pipeline: (
            _is_alone(pipeline) & pipeline.some(_STORES, lambda store: store.sets("region"))
        ),
        evidence=Evidence(
            "the provider answers: region cannot be set for a single-region CodePipeline Pipeline",
            _LOGS,
            "2026-11-26",
        ),
        fix="Remove region from the artifact store.",
        refused={"artifactStores": [{"region": "eu-west-1"}]},
        accepted=(
            {"artifactStores": [{"location": "artifacts"}]},
            {"artifactStores": [{"region": "eu-west-1"}, {"region": "us-east-1"}]},
            {"artifactStores": [{"region": ""}]},
        ),
        whatever=("artifactStores.region",),
    ),
    Refusal(
        id="several-stores-without-region",
        kinds=(_PIPELINE,),
        says="has several artifact stores, one of them without a region",
        when=lambda pipeline: (
            _are_several(pipeline) & pipeline.some(_STORES, lambda store: store.lacks("region"))
        ),
        evidence=Evidence(
            "the provider answers: region must be set for a cross-region CodePipeline Pipeline",
            _LOGS,
            "2026-11-26",
        ),
        fix="Set region on every artifact store.",
        refused={"artifactStores": [{"region": "eu-west-1"}, {"location": "artifacts"}]},
        accepted=(
            {"artifactStores": [{"location": "artifacts"}]},
            {"artifactStores": [{"region": "eu-west-1"}, {"region": "us-east-1"}]},
        ),
        whatever=("artifactStores.0", "artifactStores.region", "artifactStores.1.location"),
    ),
    Refusal(
        id="two-stores-of-one-region",
        kinds=(_PIPELINE,),
        says="has two artifact stores in the same region",
        when=lambda pipeline: pipeline.some_two(_STORES, _share_region),
        evidence=Evidence(
            "the provider answers: only one Artifact Store can be defined per region for a "
            "cross-region CodePipeline Pipeline",
            _LOGS,
            "2026-11-26",
        ),
        fix="Keep one artifact store per region.",
        refused={"artifactStores": [{"region": "eu-west-1"}, {"region": "eu-west-1"}]},
        accepted=({"artifactStores": [{"region": "eu-west-1"}, {"region": "us-east-1"}]},),
    ),
)
