package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.run.StageReport;
import io.persegment.segments.Backtest;
import io.persegment.segments.Backtest.Size;
import io.persegment.segments.SegmentationSettings;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a segmentation would have been on past dates. */
@Command(
    name = "backtest",
    sortOptions = false,
    description = {
      "Say how many customers each segment of a segmentation would have had on past dates by the"
          + " settings as they are now, and how many would have entered and left. Writes nothing.",
      "",
      "What happened counts by its own time, also where it came in later; who is one customer is as"
          + " it is known now. Clusters are those of the newest model, scores those of the date.",
      ""
    })
final class BacktestSegments implements Callable<Integer> {
  private static final int MOST_DATES = 60;

  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Parameters(
      paramLabel = "SEGMENTATION",
      description = "One of segmentations, as named in the settings.")
  String name;

  @Option(
      names = "--from",
      paramLabel = "DATE",
      required = true,
      description = "The first date; what had happened by the end of it, UTC, counts.")
  LocalDate from;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      description = "No date is later than this one. Default: yesterday.")
  LocalDate to = LocalDate.now(ZoneOffset.UTC).minusDays(1);

  @Option(
      names = "--every",
      paramLabel = "DAYS",
      defaultValue = "28",
      description = "Days from one date to the next, at least 1. Default: ${DEFAULT-VALUE}.")
  int every;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    PrintWriter out = spec.commandLine().getOut();
    List<LocalDate> dates = dates();
    Choice.of(spec, "segmentation", name, settings.segmentations(), SegmentationSettings::name);
    try (var run = new LakeRun(settings, out, false)) {
      var report = new StageReport();
      List<Size> sizes =
          run.holding(
              runId ->
                  Backtest.of(
                      run.lake(),
                      settings.segmentations(),
                      settings.features(),
                      settings.consent(),
                      name,
                      dates,
                      report));
      report.warnings().stream().distinct().forEach(warning -> out.println("! " + warning));
      out.println(words(sizes));
    }
    return 0;
  }

  private List<LocalDate> dates() {
    if (every < 1 || from.isAfter(to)) {
      throw new ParameterException(
          spec.commandLine(),
          every < 1
              ? "--every is %d; a day is the least".formatted(every)
              : "--from %s is after --to %s".formatted(from, to));
    }
    List<LocalDate> dates =
        from.datesUntil(to.plusDays(1), Period.ofDays(every)).limit(MOST_DATES + 1L).toList();
    if (dates.size() > MOST_DATES) {
      throw new ParameterException(
          spec.commandLine(),
          "--every %d makes more than %d dates from %s to %s; write more days"
              .formatted(every, MOST_DATES, from, to));
    }
    return dates;
  }

  private String words(List<Size> sizes) {
    if (sizes.isEmpty()) {
      return "%s would have had no segments.".formatted(name);
    }
    Map<String, List<Size>> bySegment =
        sizes.stream()
            .collect(Collectors.groupingBy(Size::segment, LinkedHashMap::new, Collectors.toList()));
    return "%s by the settings as they are now; nothing was written%n".formatted(name)
        + bySegment.entrySet().stream()
            .map(each -> words(each.getKey(), each.getValue()))
            .collect(Collectors.joining());
  }

  private static String words(String segment, List<Size> sizes) {
    return "%n%s%n  %-12s %11s %7s %11s %11s%n"
            .formatted(segment, "as of", "customers", "share", "entered", "left")
        + sizes.stream().map(BacktestSegments::words).collect(Collectors.joining());
  }

  private static String words(Size size) {
    return "  %-12s %,11d %7s %11s %11s%n"
        .formatted(
            size.asOf(),
            size.size(),
            ExplanationWords.percent(size.share()),
            size.entered().map("%,d"::formatted).orElse("-"),
            size.left().map("%,d"::formatted).orElse("-"));
  }
}
