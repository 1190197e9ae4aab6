"""What the processes of a stack tell each other, read by many requests at once."""

from __future__ import annotations

import threading
from pathlib import Path

from offline.standin.world import World

TOKEN = "aws:ec2/subnet:Subnet"
NUMBER = 300


def test_requests_that_read_on_together_read_every_line_once(tmp_path: Path) -> None:
    file = tmp_path / "world.jsonl"
    writer, reader = World(file), World(file)
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                list(reader.all())
        except Exception as error:  # noqa: BLE001 - told below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=read, daemon=True) for _ in range(6)]
    for each in threads:
        each.start()
    for number in range(NUMBER):
        writer.put(TOKEN, {"id": f"subnet-{number}", "cidrBlock": f"10.0.{number % 256}.0/24"})
    done.set()
    for each in threads:
        each.join(30)
    assert failures == []
    assert len(list(reader.all())) == NUMBER
