package io.persegment.error;

/** Who can mend a failure, and so whether running the job again can help. */
public enum Fault {
  /** Ours: a bug, or the engine failed. Running again may help. */
  INTERNAL(1),
  /** The settings are wrong. Mend the file that the message names. */
  SETTINGS(2),
  /** The data broke a contract. Mend the source; the same input fails the same way. */
  DATA(3),
  /** A quality gate held the publish. Look at what changed, then mend it or accept it. */
  GATE(4),
  /** Another run holds the lake. Running again later helps. */
  LOCKED(5);

  private final int exitCode;

  Fault(int exitCode) {
    this.exitCode = exitCode;
  }

  /** Exit status of the job, so that a scheduler can tell whether to retry. */
  public int exitCode() {
    return exitCode;
  }
}
