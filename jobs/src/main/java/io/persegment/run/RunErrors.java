package io.persegment.run;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.time.Instant;

/** The messages of this package, side by side so that they stay alike. */
final class RunErrors {
  private RunErrors() {}

  static PersegmentException held(String root, String runId, String host, long pid, Instant since) {
    return new PersegmentException(
        Fault.LOCKED,
        ("The lake %s is held by run %s (process %d on %s, since %s). Wait for it to end, then run again."
                + " Its lock is taken over by itself once that process is gone.")
            .formatted(root, runId, pid, host, since));
  }
}
