package io.persegment.cli;

import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command that runs stages takes. */
final class RunOptions {
  @Mixin SettingsOptions settings;

  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      description =
          "Everything that had happened by the end of this day, UTC, counts. Default: yesterday.")
  LocalDate asOf = LocalDate.now(ZoneOffset.UTC).minusDays(1);

  @Option(names = "--force", description = "Do again what is done for the date.")
  boolean force;

  @Option(
      names = "--dry-run",
      description = "Say which stages, tables and files it would be, and start no work.")
  boolean dryRun;
}
