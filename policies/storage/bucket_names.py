"""Names that S3 gives to a bucket.

Rules: Amazon S3 user guide, "General purpose bucket naming rules". The provider checks the length
in a preview and leaves the rest to S3. A bucket that exists may have an older name that S3 gives to
none today (capitals and underscores were allowed in us-east-1 until 2018), so this concerns new
buckets only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ..model.inputs import Declared
from ..model.truth import Truth
from ..model.vocabulary import BUCKET
from ..model.words import enumerated
from ..refusal import Refusal, Topic, family_of_creation
from ..rule import Evidence, Kind

_ANSWER: Final = "CreateBucket answers InvalidBucketName: The specified bucket is not valid."
_LOGS: Final = "CreateBucket, public deployment logs"
_NAME: Final = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_PREFIX: Final = r"[a-z0-9][a-z0-9.-]*"
_ADDRESS: Final = r"\d+\.\d+\.\d+\.\d+"
_FIRST: Final = ("xn--", "sthree-", "amzn-s3-demo-")
_LAST: Final = ("-s3alias", "--ol-s3", ".mrap", "--table-s3")
_OF_DIRECTORIES: Final = "--x-s3"


def _is_not(path: str, pattern: str) -> Callable[[Declared], Truth]:
    def is_not(bucket: Declared) -> Truth:
        return bucket.holds(path, lambda said: re.fullmatch(pattern, said) is None or ".." in said)

    return is_not


def _refused(id: str, says: str, is_so: Callable[[str], bool], answer: str, name: str) -> Refusal:
    """A name whose form is right, and that S3 refuses all the same."""
    return Refusal(
        id=id,
        kinds=(BUCKET,),
        says=says,
        when=lambda bucket: bucket.holds("bucket", is_so),
        evidence=Evidence(
            f"CreateBucket answers: {answer}",
            f"CreateBucket; https://github.com/badmintoncryer/cdk-preflight (pf-s3-{id})",
            "2026-09-06",
        ),
        fix="Choose another name.",
        refused={"bucket": name},
        accepted=({"bucket": "web-content"},),
    )


S3_BUCKET_NAME = family_of_creation(
    Topic(
        name="s3-bucket-name",
        title="Bucket names that S3 accepts",
        description="The name of a new bucket must follow the naming rules of S3.",
        tags=("aws", "s3"),
        fix="Use lower-case letters, digits, hyphens and dots in the name.",
        reads_native=True,
    ),
    Refusal(
        id="bucket-name",
        kinds=(BUCKET,),
        says="has a name that breaks the naming rules: 3 to 63 lower-case letters, digits, "
        "hyphens and single dots, with a letter or digit first and last",
        when=_is_not("bucket", _NAME),
        evidence=Evidence(_ANSWER, _LOGS, "2026-11-26"),
        fix="Use lower-case letters, digits and hyphens, or leave the name to Pulumi.",
        refused={"bucket": "None-None-web-content"},
        accepted=({"bucket": "web-content.acme-corp"}, {"bucket": "a1b"}, {"bucket": ""}, {}),
    ),
    Refusal(
        id="bucket-prefix",
        kinds=(BUCKET,),
        says="has a bucketPrefix that breaks the naming rules: lower-case letters, digits, "
        "hyphens and single dots, with a letter or digit first",
        when=_is_not("bucketPrefix", _PREFIX),
        evidence=Evidence(_ANSWER, _LOGS, "2026-11-26"),
        fix="Use lower-case letters, digits and hyphens in bucketPrefix.",
        refused={"bucketPrefix": "Web_"},
        accepted=({"bucketPrefix": "web-"},),
    ),
    _refused(
        "bucket-name-ip-address",
        "has a name that looks like an IP address",
        lambda name: re.fullmatch(_ADDRESS, name) is not None,
        "Bucket name must not be formatted as an IP Address",
        "192.168.5.4",
    ),
    _refused(
        "bucket-name-reserved-prefix",
        f"has a name that begins with a prefix that S3 reserves ({enumerated(_FIRST)})",
        lambda name: name.startswith(_FIRST),
        "The requested bucket name starts with a reserved prefix",
        "amzn-s3-demo-bucket",
    ),
    _refused(
        "bucket-name-reserved-suffix",
        f"has a name that ends with {_OF_DIRECTORIES}, which S3 reserves for directory buckets",
        lambda name: name.endswith(_OF_DIRECTORIES),
        "Unrecognized S3Express bucket name format.",
        "web--x-s3",
    ),
)

ADVICE: Final = (
    Refusal(
        id="bucket-name-reserved",
        kinds=(BUCKET,),
        says=f"has a name that ends with a suffix that S3 reserves ({enumerated(_LAST)})",
        when=lambda bucket: bucket.holds("bucket", lambda name: name.endswith(_LAST)),
        evidence=Evidence(
            "reserves the suffix: a bucket name must not end with it.",
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
            "2026-11-26",
            Kind.DOCUMENTED,
        ),
        fix="Choose another name.",
        refused={"bucket": "web-s3alias"},
        accepted=({"bucket": "web-alias"},),
    ),
)
