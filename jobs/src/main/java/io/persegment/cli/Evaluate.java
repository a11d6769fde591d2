package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.identity.Evaluation;
import io.persegment.identity.EvaluationResult;
import io.persegment.identity.Truth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds who is who against labels. */
@Command(
    name = "evaluate",
    sortOptions = false,
    description = {
      "Say how far the lake's customers agree with labels, and what led to each kind of mistake."
          + " Reads identity_map and identity_links as they are; runs and writes nothing.",
      "",
      "A file of labels is a CSV with a header. Of grain cluster a row says of which person a record"
          + " is; without a cluster it is no label. Of grain pair a row says whether two records are"
          + " one person. What a column is called otherwise is told by an SQL expression over the"
          + " file's columns, such as --record-id \"concat('C', id)\".",
      ""
    })
final class Evaluate implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Option(
      names = "--truth",
      required = true,
      paramLabel = "FILE",
      description = "The labels (CSV with a header).")
  String file;

  @Option(
      names = "--grain",
      paramLabel = "cluster|pair",
      description = "What a row of them says. Default: ${DEFAULT-VALUE}.")
  Truth.Grain grain = Truth.Grain.CLUSTER;

  @Option(
      names = "--source",
      paramLabel = "SQL",
      description =
          "Whose record it is. Default: column source; without one, the only source with contacts.")
  String source;

  @Option(
      names = "--record-id",
      paramLabel = "SQL",
      description = "The source's id of the record. Default: column record_id.")
  String recordId;

  @Option(
      names = "--record-type",
      paramLabel = "SQL",
      description = "What the record is, as identity_map has it. Default: 'contact'.")
  String recordType;

  @Option(
      names = "--cluster",
      paramLabel = "SQL",
      description = "Of which person it is. Default: column cluster.")
  String cluster;

  @Option(
      names = "--left-source",
      paramLabel = "SQL",
      description =
          "Whose the one record of a pair is. Default: column left_source, else as --source.")
  String leftSource;

  @Option(
      names = "--left-record-id",
      paramLabel = "SQL",
      description = "Its id. Default: column left_record_id.")
  String leftRecordId;

  @Option(
      names = "--right-source",
      paramLabel = "SQL",
      description = "Whose the other record is. Default: column right_source, else as --source.")
  String rightSource;

  @Option(
      names = "--right-record-id",
      paramLabel = "SQL",
      description = "Its id. Default: column right_record_id.")
  String rightRecordId;

  @Option(
      names = "--match",
      paramLabel = "SQL",
      description =
          "Whether both are one person: 0 or 1, true or false, or a score, of which .5 and more is yes. Default: column match.")
  String match;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    var truth = Truth.of(file, grain, told());
    try (var run = new LakeRun(settings, spec.commandLine().getOut(), false)) {
      EvaluationResult result = Evaluation.of(run.lake(), truth);
      spec.commandLine()
          .getOut()
          .println(json ? EvaluationJson.of(result) : EvaluationWords.of(result));
    }
    return 0;
  }

  private Map<String, String> told() {
    var told = new LinkedHashMap<String, String>();
    told.put("source", source);
    told.put("record-id", recordId);
    told.put("record-type", recordType);
    told.put("cluster", cluster);
    told.put("left-source", leftSource);
    told.put("left-record-id", leftRecordId);
    told.put("right-source", rightSource);
    told.put("right-record-id", rightRecordId);
    told.put("match", match);
    told.values().removeIf(Objects::isNull);
    return told;
  }
}
