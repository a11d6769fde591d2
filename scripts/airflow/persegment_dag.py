"""Persegment every night: a task for each stage, submitted to Spark. For Airflow 3 and its Spark provider.

Put this file (or a link to it) into the folder of DAGs, and describe the shop in the environment of
everything that reads it (scheduler, DAG processor, workers):

  PERSEGMENT_CONF      settings of the shop, a HOCON file (needed)
  PERSEGMENT_HOME      the checkout with the built jar (default: the one that this file lies in)
  PERSEGMENT_JAR       the jar (default: jobs/target/persegment.jar under PERSEGMENT_HOME)
  PERSEGMENT_LAKE      root of the lake, where it is not that of the settings
  PERSEGMENT_LOGS      folder of Spark's log files (default: logs under PERSEGMENT_HOME)
  PERSEGMENT_SCHEDULE  when, as cron says it, UTC (default: 0 3 * * *)
  PERSEGMENT_MEMORY    of the driver (default: 3g)
  PERSEGMENT_SPARK     further Spark settings as JSON, such as {"spark.executor.memory": "8g"}
  PERSEGMENT_RETRIES, PERSEGMENT_RETRY_SECONDS, PERSEGMENT_TIMEOUT_HOURS   of a task (default: 2, 300, 6)

The cluster is the connection spark_default: in client mode, as only then does the exit status arrive;
spark-submit has to be on the PATH of the workers.

The as-of date is the day, in UTC, on which the data interval starts: the run of the 2nd at 3:00 covers
the 1st. A run is repeated by a new one with {"as_of": "2026-06-30", "force": true}; to clear a task
that was done does nothing, as the lake knows that it was, but that ingest takes in consents that came
since, and publish obeys them. Nights that were missed while the
scheduler was off are made up for by `airflow backfill create`, not by themselves.

The stages are read out of the jar, where the build has put what `persegment stages --json` prints:
Airflow reads this file every half minute, and a JVM each time would be dear. Without the jar, the
import of this file fails and Airflow shows why.
"""

import json
import os
import re
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG, CronDataIntervalTimetable, Param, chain
from airflow.sdk.exceptions import AirflowException, AirflowFailException

HOME = Path(os.environ.get("PERSEGMENT_HOME", Path(__file__).resolve().parents[2]))
JAR = Path(os.environ.get("PERSEGMENT_JAR", HOME / "jobs/target/persegment.jar"))
LOGS = Path(os.environ.get("PERSEGMENT_LOGS", HOME / "logs"))
LAKE = os.environ.get("PERSEGMENT_LAKE")

IN_VAIN = {
    2: "the settings have a mistake",
    3: "the data broke a contract",
    4: "a quality gate held the publish",
}


class PersegmentOperator(SparkSubmitOperator):
    """Submits one stage. Tries again only where that can help: not after exit 2, 3 or 4."""

    def execute(self, context):
        if context["params"]["force"]:
            self.application_args = [*self.application_args, "--force"]
        try:
            return super().execute(context)
        except AirflowException as failure:
            status = re.search(r"Error code is: (\d+)", str(failure))
            reason = IN_VAIN.get(int(status[1])) if status else None
            if reason is None:
                raise
            raise AirflowFailException(f"Exit {status[1]}: {reason}. The lines above say what to do.") from failure


def stages():
    with zipfile.ZipFile(JAR) as jar:
        return json.loads(jar.read("stages.json"))


def task(stage):
    log = LOGS / ("persegment-{{ ts_nodash }}-" + stage["stage"] + "-{{ ti.try_number }}.log")
    lake = ["--set", f"lake.root={LAKE}"] if LAKE else []
    return PersegmentOperator(
        task_id=stage["stage"],
        doc_md=stage["summary"],
        conn_id="spark_default",
        application=str(JAR),
        java_class="io.persegment.Persegment",
        application_args=[
            stage["stage"],
            "--conf",
            os.environ["PERSEGMENT_CONF"],
            "--as-of",
            "{{ params.as_of or data_interval_start | ds }}",
            *lake,
        ],
        name="persegment-" + stage["stage"],
        driver_memory=os.environ.get("PERSEGMENT_MEMORY", "3g"),
        conf={
            "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={HOME}/conf/log4j2.properties"
            f" -Dpersegment.log={log} -Dpersegment.home={HOME}",
            **json.loads(os.environ.get("PERSEGMENT_SPARK", "{}")),
        },
    )


with DAG(
    dag_id="persegment",
    description="From the shop's exports to segments, scores and the audience",
    doc_md=__doc__,
    # In UTC, as the as-of date is: in another zone, 0:30 would already belong to the day before.
    schedule=CronDataIntervalTimetable(os.environ.get("PERSEGMENT_SCHEDULE", "0 3 * * *"), timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,  # else a first night would begin with all since start_date
    max_active_runs=1,  # a lake takes one run at a time; a second would only end with exit 5
    params={
        "as_of": Param(None, type=["null", "string"], format="date", description="Instead of the interval's first day"),
        "force": Param(False, type="boolean", description="Do again what is done for the date"),
    },
    default_args={
        "retries": int(os.environ.get("PERSEGMENT_RETRIES", "2")),
        "retry_delay": timedelta(seconds=int(os.environ.get("PERSEGMENT_RETRY_SECONDS", "300"))),
        "execution_timeout": timedelta(hours=float(os.environ.get("PERSEGMENT_TIMEOUT_HOURS", "6"))),
    },
    tags=["persegment"],
):
    chain(*map(task, stages()))
