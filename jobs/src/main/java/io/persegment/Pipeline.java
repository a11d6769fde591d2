package io.persegment;

import static java.util.stream.Collectors.toMap;

import io.persegment.audit.AuditStage;
import io.persegment.customer.CustomersStage;
import io.persegment.experiments.MeasureStage;
import io.persegment.features.FeaturesStage;
import io.persegment.identity.IdentityStage;
import io.persegment.publish.PublishStage;
import io.persegment.run.Stage;
import io.persegment.scores.ScoresStage;
import io.persegment.scores.TargetSettings;
import io.persegment.segments.SegmentationSettings;
import io.persegment.segments.SegmentsStage;
import io.persegment.source.IngestStage;
import java.time.LocalDate;
import java.util.List;

/** The stages, in the order they run. Start reading here. */
public final class Pipeline {
  /** The stages of {@code consolidate}: from the shop's exports to one row a customer. */
  public static final List<String> CONSOLIDATE = List.of("ingest", "identity", "customers");

  private Pipeline() {}

  public static List<Stage> stages(PersegmentSettings settings) {
    List<TargetSettings> targets = settings.targets();
    return List.of(
        IngestStage.of(settings.sources(), settings.retiredSources()),
        new IdentityStage(settings.identity()),
        new CustomersStage(settings.survivorship()),
        new FeaturesStage(
            settings.features(), settings.consent(), asOf -> trainedOn(targets, asOf)),
        new ScoresStage(
            targets,
            settings.lifetimes(),
            settings.shop().currency(),
            settings.features(),
            settings.consent()),
        new SegmentsStage(
            settings.segmentations(), settings.features(), settings.consent(), settings.segments()),
        new AuditStage(
            settings.audits(),
            settings.segmentations().stream()
                .collect(toMap(SegmentationSettings::name, SegmentationSettings::features))),
        new PublishStage(settings.publish(), settings.features()));
  }

  /**
   * Returns the stage beside these: what came of experiments is asked for when somebody wants it.
   */
  public static Stage measure(PersegmentSettings settings) {
    return new MeasureStage(settings.publish().experiments(), settings.features());
  }

  private static List<LocalDate> trainedOn(List<TargetSettings> targets, LocalDate asOf) {
    return targets.stream().flatMap(target -> target.cuts(asOf).stream()).distinct().toList();
  }
}
