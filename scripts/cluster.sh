# Sourced by the try scripts: a standalone Spark cluster of a master and two workers on loopback.
# Needs $home (the repository), $work (a folder that is thrown away) and environment.sh.

cluster_pids=()

# Makes the environment if need be, starts the cluster on free ports and names it in $master.
# Exports SPARK_HOME, so that scripts/persegment submits.
cluster_start() {
  environment spark
  SPARK_HOME=$(echo "$environment"/lib/python3*/site-packages/pyspark)
  export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1
  unset SPARK_CONF_DIR HADOOP_CONF_DIR YARN_CONF_DIR SPARK_MASTER_HOST SPARK_DIST_CLASSPATH
  export SPARK_LOCAL_DIRS="$work/cluster/local" # so that what a killed one leaves is thrown away, too
  mkdir -p "$work/cluster"
  cluster_daemon master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0
  cluster_await master "I have been elected leader"
  master=$(grep -o 'spark://127.0.0.1:[0-9]*' "$work/cluster/master.log" | head -1)
  local each
  for each in worker-1 worker-2; do
    cluster_daemon "$each" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --port 0 --webui-port 0 \
      --cores 1 --memory 1g --work-dir "$work/cluster/$each" "$master"
  done
  for each in worker-1 worker-2; do
    cluster_await "$each" "Successfully registered with master"
  done
  echo "A cluster of two workers runs at $master."
}

# Ends what cluster_start started, and waits until it has ended.
cluster_stop() {
  [ ${#cluster_pids[@]} -gt 0 ] || return 0
  kill "${cluster_pids[@]}" 2>/dev/null || true
  wait "${cluster_pids[@]}" 2>/dev/null || true
  cluster_pids=()
}

# expect STATUS WORD... runs the words and fails unless they end with that exit status.
expect() {
  local status=0
  "${@:2}" || status=$?
  [ "$status" -eq "$1" ] || { echo "Exit status $status instead of $1: ${*:2}" >&2; return 1; }
}

cluster_daemon() {
  SPARK_DAEMON_MEMORY=512m "$SPARK_HOME/bin/spark-class" "${@:2}" >"$work/cluster/$1.log" 2>&1 &
  cluster_pids+=($!)
}

cluster_await() {
  local second
  for second in {1..60}; do
    grep -q "$2" "$work/cluster/$1.log" && return
    sleep 1
  done
  echo "The $1 did not start within a minute:" >&2
  tail -20 "$work/cluster/$1.log" >&2
  return 1
}
