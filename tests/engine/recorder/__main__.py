"""A policy pack without an opinion: it appends every request to the file that RECORDING names."""

import base64
import os
from pathlib import Path
from typing import Any

import pulumi_policy.policy as sdk
from pulumi_policy import PolicyPack, ResourceValidationPolicy

_FILE = Path(os.environ["RECORDING"])


_Servicer: Any = sdk._PolicyAnalyzerServicer


class Recorder(_Servicer):  # type: ignore[misc]
    """The SDK's servicer, with ears."""

    def Analyze(self, request: Any, context: Any) -> Any:
        _write("resource", request)
        return super().Analyze(request, context)

    def AnalyzeStack(self, request: Any, context: Any) -> Any:
        _write("stack", request)
        return super().AnalyzeStack(request, context)


def _write(kind: str, request: Any) -> None:
    text = base64.b64encode(request.SerializeToString()).decode()
    with _FILE.open("a", encoding="utf-8") as file:
        file.write(f"{kind} {text}\n")


sdk._PolicyAnalyzerServicer = Recorder  # type: ignore[misc]
PolicyPack(
    name="recorder",
    policies=[
        ResourceValidationPolicy("nothing", "Says nothing.", validate=lambda args, report: None)
    ],
)
