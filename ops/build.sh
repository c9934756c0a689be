# Sourced by the scripts in ops/: what they share. The working directory is the project's.

java_command() {
  if [[ -n "${JAVA_HOME:-}" && -x "$JAVA_HOME/bin/java" ]]; then
    echo "$JAVA_HOME/bin/java"
  else
    command -v java || { echo "Expected Java 17 or newer on the PATH or in JAVA_HOME, but there is none." >&2; return 1; }
  fi
}

# How the scripts run a server: few processors and a small heap are better off without a collector that works beside them.
server_options=(-Xmx512m -XX:+UseParallelGC)

# build_missing JAR...: builds everything, without tests, if one of the jars is not there
build_missing() {
  local jar missing=false
  for jar in "$@"; do
    [[ -f "$jar" ]] || missing=true
  done
  if [[ "$missing" == true ]]; then
    command -v mvn >/dev/null || { echo "Expected Maven 3.8.6 or newer on the PATH, but there is none." >&2; return 1; }
    echo "building (once; a few minutes if Maven has nothing in its repository yet) ..." >&2
    mvn -q -B -Dquick -DskipTests package >&2
  fi
}
