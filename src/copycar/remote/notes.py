"""The jobs that this machine knows of: one folder each, with where the job lies. The bucket holds everything else."""

import json
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.core.state_folder import state_folder
from copycar.remote.bucket import JOBS
from copycar.remote.job import JOB, JobSpec
from copycar.remote.place import Place, as_url

NOTE = "note.json"


def job_folder(name: str) -> Path:
    """Return the folder of a job on this machine, made where it is not there yet."""
    folder = state_folder() / JOBS / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def note(spec: JobSpec) -> None:
    """Note a job, here and in its bucket, before it is started: whatever happens then, it is found again.

    Raises:
        CopycarError: as `Place.put`.
    """
    spec.place.put(JOB, json.dumps(spec.as_json(), indent=1).encode())
    write_json(job_folder(spec.name) / NOTE, spec.as_json())


def known_jobs(bucket: str | None = None) -> list[JobSpec]:
    """Return the jobs noted here, and those in a bucket where one is named, oldest first.

    Raises:
        CopycarError: as `Place.find`.
    """
    here = sorted((state_folder() / JOBS).glob(f"*/{NOTE}"))
    jobs = [JobSpec.from_json(path.read_bytes(), str(path)) for path in here]
    if bucket is not None:
        place = Place(f"{as_url(bucket)}/{JOBS}")
        jobs = [job for job in jobs if job.bucket == as_url(bucket)]
        names = {job.name for job in jobs}
        found = [found.name for found in place.find() if found.name.endswith(f"/{JOB}")]
        jobs += [JobSpec.from_json(place.get(each), each) for each in found if each.partition("/")[0] not in names]
    return sorted(jobs, key=lambda job: job.created)


def find_job(name: str | None, bucket: str | None = None) -> JobSpec:
    """Return a job by its name, or by the beginning of it; without one the latest.

    Raises:
        CopycarError: there is none, or several begin like that; or as `Place.find`.
    """
    jobs = known_jobs(bucket)
    fitting = [job for job in jobs if name is None or job.name.startswith(name)]
    exact = [job for job in fitting if job.name == name] or (fitting[-1:] if name is None else fitting)
    if len(exact) == 1:
        return exact[0]
    if not exact:
        what = "no job was submitted from here" if name is None else f"no job {name} is known here"
        raise CopycarError(what, fix="see those in a bucket: copycar remote list BUCKET; name it: --out BUCKET")
    raise CopycarError(f"several jobs begin with {name}", ", ".join(job.name for job in exact[:5]), "name it wholly")
