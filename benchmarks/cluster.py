"""``python -m benchmarks.cluster``: what a piece costs on a cluster, and so what a hundred machines do.

A local cluster of one worker a core reads the parts of one file. Two things are measured: how long a
worker takes for a part, and how long the main process and the scheduler are busy with one, which is
what is left of a part that has next to no letters. The workers' time is divided by their number; the
other is not, and is the limit. From both follows what more workers would do with parts of that size.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import click

from benchmarks.growth_once import quarter
from benchmarks.programs import Long
from mars_rover import World
from mars_rover.batch import simulate
from mars_rover.batch.shell.crew import cores
from mars_rover.shell.feeding import FilePart, parts_of

MACHINES = 100


@contextmanager
def cluster(workers: int) -> Iterator[Executor]:
    """A local cluster, through its executor."""
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra
    except ImportError:
        raise click.ClickException(
            "install the cluster: pip install 'mars-rover-decider[cluster]'"
        ) from None
    quiet = {"dashboard_address": None, "worker_dashboard_address": None, "silence_logs": 50}
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, **quiet) as local,  # type: ignore[no-untyped-call]
        Client(local) as client,  # type: ignore[no-untyped-call]
        client.get_executor(pure=False) as executor,
    ):
        yield executor


def seconds(case: Long, world: World, parts: list[FilePart], executor: Executor) -> float:
    """How long all parts take, with the answer checked; they lead back to the start."""
    begin = perf_counter()
    arrival = simulate(world, case.start, parts, executor=executor, ahead=64).unwrap()
    elapsed = perf_counter() - begin
    assert case.start == (arrival.point, arrival.direction)
    return elapsed


@click.command()
@click.option("--commands", default=10**9, show_default=True, type=click.IntRange(min=10**4))
@click.option("--parts", default=20, show_default=True, type=click.IntRange(min=4))
@click.option("--repeats", default=3, show_default=True, type=click.IntRange(min=1))
def main(commands: int, parts: int, repeats: int) -> None:
    """Measure parts of a file on a local cluster."""
    letters = quarter(min(commands, 4 * 10**7)) * 4
    case = Long(letters)
    rounds = max(1, commands // len(letters))
    with tempfile.TemporaryDirectory() as folder:
        file, short = Path(folder, "program"), Path(folder, "short")
        file.write_bytes(letters * rounds)
        short.write_bytes(quarter(400) * 4)
        size = -(-len(letters) * rounds // parts)
        took = {}
        for workers in sorted({1, cores()}):
            with cluster(workers) as executor:
                tasks = [parts_of(str(file), size), parts_of(str(short), 4)]
                runs = [
                    [seconds(case, case.free, each, executor) for each in tasks]
                    for _ in range(repeats + 1)
                ][1:]
            whole, empty = (min(run) for run in zip(*runs, strict=True))
            took[workers] = whole
            click.echo(
                f"{workers} worker(s): {whole:.3f} s for {parts} parts of {size:,} letters,"
                f" {len(letters) * rounds / whole / 1e9:.2f} billion/s;"
                f" {empty / len(tasks[1]) * 1e3:.2f} ms for a part that is next to empty"
            )
        if len(took) > 1:
            click.echo(f"{cores()} workers / 1 worker: {took[1] / took[cores()]:.2f}")
        part, given = took[1] / parts, empty / len(tasks[1])
        most = size / max(given, part / MACHINES) / 1e9
        click.echo(
            f"{MACHINES} machines like one worker, each reading its own parts: {most:,.0f} billion/s;"
            f" the scheduler is the limit from {part / given:,.0f} workers on"
        )


if __name__ == "__main__":
    main()
