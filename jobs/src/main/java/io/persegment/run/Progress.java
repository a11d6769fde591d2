package io.persegment.run;

import java.time.Duration;

/** Who is told how a run goes on. */
public interface Progress {

  void started(String stage);

  /** Told of a stage that is left out, with the reason as a sentence. */
  void skipped(String stage, String reason);

  void finished(String stage, Duration time, StageReport report);

  void failed(String stage, Duration time);
}
