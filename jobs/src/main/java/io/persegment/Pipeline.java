package io.persegment;

import io.persegment.identity.IdentityStage;
import io.persegment.run.Stage;
import io.persegment.scores.ScoresStage;
import io.persegment.source.IngestStage;
import java.util.List;

/** The stages, in the order they run. Start reading here. */
public final class Pipeline {
  /** The stages of {@code consolidate}: from the shop's exports to one row a customer. */
  public static final List<String> CONSOLIDATE = List.of("ingest", "identity", "customers");

  private Pipeline() {}

  public static List<Stage> stages(PersegmentSettings settings) {
    return List.of(
        new IngestStage(settings.sources()),
        new IdentityStage(settings.identity()),
        new ScoresStage(settings.targets(), settings.features(), settings.consent()));
  }
}
