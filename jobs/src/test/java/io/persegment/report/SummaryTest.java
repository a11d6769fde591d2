package io.persegment.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.persegment.PersegmentSettings;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class SummaryTest {
  private static final LocalDate DAY = LocalDate.of(2026, 6, 30);

  @TempDir static Path folder;
  private static Summary full;

  @BeforeAll
  static void readAFullLake(LocalSpark.Handle spark) {
    full = read(new ReportedLake(spark, folder.resolve("full")).full().lake());
  }

  @Test
  void everyStageIsThereAsItEndedLast() {
    assertThat(full.stages())
        .extracting(run -> run.stage() + " " + run.status())
        .containsExactly(
            "ingest done",
            "identity done",
            "customers done",
            "scores warned",
            "segments done",
            "audit warned",
            "publish done");
    assertThat(full.stages().get(0).time()).isEqualTo(Duration.ofSeconds(75));
    assertThat(full.stages().get(3).sentences())
        .containsExactly("Target clv_365d was refused: 12 events.", "Two lines.");
  }

  @Test
  void recordsAreCountedBySourceAndCustomersOnce() {
    assertThat(full.records().value())
        .isEqualTo(
            new RecordFigures(
                8,
                6,
                List.of(
                    new RecordFigures.Kind("", "address", 1, 1),
                    new RecordFigures.Kind("crm", "contact", 1, 1),
                    new RecordFigures.Kind("shop", "contact", 3, 3),
                    new RecordFigures.Kind("shop", "order", 1, 1),
                    new RecordFigures.Kind("web", "anonymous_id", 2, 2))));
    assertThat(full.records().value().sources()).isEqualTo(3);
    assertThat(full.customers().value()).isEqualTo(new CustomerFigures(6, 5, 4, 1, 3, 1, 1));
    assertThat(full.customers().value().anonymous()).isEqualTo(1);
  }

  @Test
  void segmentsComeLargestFirstWithTheirFeaturesInWords() {
    List<SegmentationFigures> segmentations = full.segmentations().value();
    assertThat(segmentations)
        .extracting(each -> each.name() + " of " + each.customers())
        .containsExactly("garden of 6", "lifecycle of 6");
    SegmentationFigures garden = segmentations.get(0);
    assertThat(garden.model().orElseThrow())
        .isEqualTo(
            new SegmentationFigures.Model(
                2, "k-means", 2, LocalDate.of(2026, 6, 2), Optional.of(0.5)));
    assertThat(segmentations.get(1).model()).isEmpty();
    assertThat(garden.segments())
        .extracting(SegmentationFigures.Segment::name)
        .containsExactly("<b>Lounging</b>", "Growing");
    assertThat(garden.segments().get(0).traits())
        .containsExactly(
            new SegmentationFigures.Trait("Purchases in the last 30 days", false, 0.5, 2, 0.25),
            new SegmentationFigures.Trait("dropped_since", false, 3, 1, 3));
  }

  @Test
  void aTargetHasTheMeasuresOfTheModelThatScored() {
    TargetFigures target = full.targets().value().get(0);
    assertThat(target.customers()).isEqualTo(4);
    assertThat(target.mean()).isEqualTo((1 / 2d + 1 / 3d + 1 / 4d + 1 / 5d) / 4);
    assertThat(target.deciles())
        .extracting(TargetFigures.Decile::decile, TargetFigures.Decile::customers)
        .containsExactly(tuple(1, 2L), tuple(2, 2L));
    TargetFigures.Model model = target.model().orElseThrow();
    assertThat(model.baseline()).hasValue("recency");
    assertThat(model.measure(TargetFigures.Quality.AUC).orElseThrow())
        .isEqualTo(
            new TargetFigures.Measure(
                TargetFigures.Quality.AUC,
                0.803,
                Optional.of(0.7312),
                Optional.empty(),
                Optional.of(new TargetFigures.Range(0.71, 0.752))));
    assertThat(model.tenths())
        .containsExactly(
            new TargetFigures.Tenth(
                1, 314, 150, .46, 2.01, Optional.of(new TargetFigures.Range(1.78, 2.23))),
            new TargetFigures.Tenth(2, 315, 0, .02, 0, Optional.empty()));
    assertThat(model.measure(TargetFigures.Quality.BRIER).orElseThrow().baseline()).isEmpty();
    assertThat(model.measure(TargetFigures.Quality.AVERAGE_PRECISION)).isEmpty();
    assertThat(full.targetsSaid()).first().asString().contains("clv_365d was refused");
  }

  @Test
  void everybodyIsInTheAudienceOrLeftOutForAReason() {
    AudienceFigures audience = full.audience().value();
    assertThat(audience.leftOut())
        .containsExactly(new LeftOut("no_email", 2), new LeftOut("no_consent", 1));
    assertThat(audience.balances()).isTrue();
    assertThat(audience.withoutConsent()).isEqualTo(1);
    assertThat(new AudienceFigures(7, 3, audience.leftOut(), audience.release()).balances())
        .isFalse();
    AudienceFigures.Release release = audience.release().orElseThrow();
    assertThat(release.id()).isEqualTo("r000002");
    assertThat(List.of(release.added(), release.changed(), release.removed()))
        .containsExactly(2L, 1L, 1L);
  }

  @Test
  void checksOfTheDateAndReasonsOfQuarantineAreCounted() {
    AuditFigures audits = full.audits().value();
    assertThat(List.of(audits.checks(), audits.passed())).containsExactly(3L, 1L);
    assertThat(audits.failed())
        .extracting(AuditFigures.Check::severity)
        .containsExactly("hold", "warn");
    assertThat(full.quarantine().value())
        .containsExactly(
            new QuarantineFigures(
                "shop-orders",
                "orders",
                2,
                List.of(
                    new QuarantineFigures.Reason("net is no number", 2),
                    new QuarantineFigures.Reason("order_id is missing", 1))),
            new QuarantineFigures(
                "till",
                "orders",
                1,
                List.of(new QuarantineFigures.Reason("order_id is missing", 1))));
  }

  @Test
  void whatIsMissingSaysWhy(LocalSpark.Handle spark) {
    var reported = new ReportedLake(spark, folder.resolve("failed"));
    reported.ran(
        "('ingest', 'done', '02:01:15', null)",
        "('scores', 'warned', '02:05:00', 'Target purchase_30d was refused: 12 events.')",
        "('segments', 'failed', '02:05:00', 'No segments could be made.')");

    Summary summary = read(reported.lake());

    assertThat(summary.records().reason())
        .isEqualTo("The stage identity has not run for 2026-06-30, as segments failed.");
    assertThat(summary.segmentations().reason())
        .isEqualTo("The stage segments failed: No segments could be made.");
    assertThat(summary.targets().reason())
        .isEqualTo(
            "The stage scores ran and wrote nothing here: Target purchase_30d was refused: 12 events.");
    assertThat(List.of(summary.customers(), summary.audience(), summary.audits()))
        .noneMatch(Part::there);
    assertThat(summary.quarantine().value()).isEmpty();
    assertThat(Page.html(summary))
        .contains(
            "The stage segments failed: No segments could be made.",
            "The stage segments failed for 2026-06-30: No segments could be made.");
    assertThat(InWords.of(summary)).contains("identity has not run", "12 events");
  }

  @Test
  void aLakeWithoutARunHasNothingToReport(LocalSpark.Handle spark) {
    var lake = new Lake(spark.session(), folder.resolve("none").toString());
    assertThatThrownBy(() -> Summary.newestDate(lake))
        .hasMessageContaining("no run is in the ledger of the lake " + lake.root())
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATA));
    assertThat(Summary.newestDate(new Lake(spark.session(), folder.resolve("full").toString())))
        .isEqualTo(DAY);
  }

  @Test
  void isToldInATerminal() {
    assertThat(InWords.of(full))
        .isEqualTo(
            """
            8 records of 3 systems are 6 customers: 5 known, 1 only seen on the web; 1 are known to more than one system.

            Segments
              garden         <b>Lounging</b> 5 (83.3 %), Growing 1 (16.7 %)
              lifecycle      New 6 (100 %)

            Scores
              purchase_30d   4 customers; AUC 0.803 (by recency alone 0.731), Brier score 0.150
              ! Target clv_365d was refused: 12 events.
              ! Two lines.

            Audience
              3 customers may be written to; 3 are left out, 1 of them for want of consent:
                       2  no_email        no e-mail address is known
                       1  no_consent      never agreed to marketing by e-mail
            """);
  }

  @Test
  void thePageNeedsNothingFromAnywhereAndNamesNobody() throws IOException {
    Path file = Page.write(full, folder.resolve("out"));

    assertThat(file).hasFileName("report-2026-06-30.html");
    String page = Files.readString(file);
    assertThat(page)
        .contains("&lt;b&gt;Lounging&lt;/b&gt;", "Buys seed &amp; soil", "should be &lt;7&gt;")
        .doesNotContain("<b>Lounging</b>", "@example.com", "Nomen", "+4520123456");
    String ours = page.replaceAll("(?s)<script>.*?</script>", "");
    assertThat(ours)
        .as("apart from the scripts")
        .doesNotContain("http:", "https:", "src=", "{{", "}}", "<link", "@import", "url(")
        .contains(
            "12,345",
            "83.3\u00a0%",
            "1\u00a0min\u00a015\u00a0s",
            "0.803",
            "0.731",
            "− 2",
            "r000002");
    assertThat(page).contains("echarts.init", "default-src 'none'");
    try (var files = Files.list(file.getParent())) {
      assertThat(files).as("nothing half written").containsExactly(file);
    }
  }

  @Test
  void anAudienceOfAnotherDateIsSaidToBe(LocalSpark.Handle spark) {
    assertThat(full.audienceIsOfAnotherDate()).isFalse();
    var lake = new Lake(spark.session(), folder.resolve("full").toString());
    Summary late = read(lake, DAY.plusDays(1));
    assertThat(late.audienceIsOfAnotherDate()).isTrue();
    assertThat(late.stages()).noneMatch(StageRun::wasRun);
    assertThat(Page.html(late)).contains("Nothing was published for 2026-07-01");
  }

  private static Summary read(Lake lake) {
    return read(lake, DAY);
  }

  private static Summary read(Lake lake, LocalDate asOf) {
    return Summary.read(
        lake, "Shop", asOf, ReportedLake.STAGES, PersegmentSettings.none().features());
  }
}
