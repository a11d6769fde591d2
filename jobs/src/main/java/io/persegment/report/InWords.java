package io.persegment.report;

import java.util.Locale;
import java.util.stream.Collectors;

/** A summary as it is told in a terminal. */
public final class InWords {
  private InWords() {}

  /** Returns the summary in some lines, the last one ended as well. */
  public static String of(Summary summary) {
    var text = new StringBuilder();
    text.append(customers(summary));
    text.append("\nSegments\n");
    text.append(segments(summary));
    text.append("\nScores\n");
    text.append(scores(summary));
    text.append("\nAudience\n");
    text.append(
        summary.audience().there()
            ? audience(summary.audience().value())
            : missing(summary.audience()));
    return text.toString();
  }

  private static String customers(Summary summary) {
    if (!summary.records().there()) {
      return summary.records().reason() + "\n";
    }
    RecordFigures records = summary.records().value();
    String customers =
        line(
            "%,d records of %d systems are %,d customers",
            records.records(), records.sources(), records.customers());
    if (!summary.customers().there()) {
      return customers + ".\n" + summary.customers().reason() + "\n";
    }
    CustomerFigures figures = summary.customers().value();
    return customers
        + line(
            ": %,d known, %,d only seen on the web; %,d are known to more than one system.%n",
            figures.known(), figures.anonymous(), figures.severalSystems());
  }

  private static String segments(Summary summary) {
    if (!summary.segmentations().there()) {
      return missing(summary.segmentations());
    }
    var text = new StringBuilder();
    for (SegmentationFigures segmentation : summary.segmentations().value()) {
      String segments =
          segmentation.segments().stream()
              .map(
                  segment ->
                      line(
                          "%s %,d (%s)",
                          segment.name(), segment.size(), Formats.percent(segment.share())))
              .collect(Collectors.joining(", "));
      text.append(line("  %-14s %s%n", segmentation.name(), segments));
    }
    summary.segmentationsSaid().forEach(sentence -> text.append("  ! " + sentence + "\n"));
    return text.toString();
  }

  private static String scores(Summary summary) {
    if (!summary.targets().there()) {
      return missing(summary.targets());
    }
    var text = new StringBuilder();
    for (TargetFigures target : summary.targets().value()) {
      String measures =
          target.model().stream()
              .flatMap(model -> model.measures().stream().map(each -> measure(each, model)))
              .collect(Collectors.joining(", "));
      text.append(line("  %-14s %,d customers; %s%n", target.name(), target.customers(), measures));
    }
    summary.targetsSaid().forEach(sentence -> text.append("  ! " + sentence + "\n"));
    return text.toString();
  }

  private static String measure(TargetFigures.Measure measure, TargetFigures.Model model) {
    return measure.quality().inWords()
        + " "
        + Formats.measure(measure.value())
        + measure
            .baseline()
            .map(
                value ->
                    " (by %s alone %s)"
                        .formatted(model.baseline().orElse(""), Formats.measure(value)))
            .orElse("");
  }

  private static String audience(AudienceFigures audience) {
    var text = new StringBuilder();
    text.append(
        line(
            "  %,d customers may be written to; %,d are left out, %,d of them for want of consent:%n",
            audience.audience(), audience.suppressed(), audience.withoutConsent()));
    audience
        .leftOut()
        .forEach(
            each ->
                text.append(
                    line("  %,10d  %-15s %s%n", each.customers(), each.reason(), each.inWords())));
    return text.toString();
  }

  private static String missing(Part<?> part) {
    return "  " + part.reason() + "\n";
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
