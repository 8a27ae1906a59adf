"""Periodic jobs that keep the job queue itself in order."""

from datetime import UTC, datetime

from procrastinate import App

# Delayed far beyond any pause of a living worker, which tells of itself every ten seconds.
STALLED_AFTER_SECONDS = 30
# Every fifteen seconds (the sixth field): somebody may be watching the progress of what a killed worker did.
_RETRY_TIMES = "* * * * * */15"
KEEP_FINISHED_HOURS = 24 * 30
QUEUE = "upkeep"


def register(app: App) -> None:
    """Add the periodic jobs to a worker's app."""

    @app.periodic(cron=_RETRY_TIMES)
    @app.task(name="upkeep.retry_stalled_jobs", queue=QUEUE, queueing_lock="upkeep.retry_stalled_jobs")
    async def retry_stalled_jobs(timestamp: int) -> None:
        """Put the jobs of dead workers back into the queue."""
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
            await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))

    @app.periodic(cron="17 3 * * *")
    @app.task(name="upkeep.forget_finished_jobs", queue=QUEUE, queueing_lock="upkeep.forget_finished_jobs")
    async def forget_finished_jobs(timestamp: int) -> None:
        """Delete jobs that ended a month ago; what they changed has its own history."""
        await app.job_manager.delete_old_jobs(
            nb_hours=KEEP_FINISHED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )
