package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which settings are in force. */
final class SettingsOptions {
  @Option(
      names = "--conf",
      required = true,
      paramLabel = "FILE",
      description = "Settings of the shop (HOCON). Given twice, the later file wins.")
  List<Path> files;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, which wins over the files, such as lake.root=/data/lake.")
  Map<String, String> overrides = new LinkedHashMap<>();

  PersegmentSettings read() {
    return PersegmentSettings.from(SettingsFile.read(files, overrides));
  }
}
