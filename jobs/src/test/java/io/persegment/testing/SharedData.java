package io.persegment.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Data sets that lie beside the project, not in it. */
public final class SharedData {
  private static final Path FOLDER = Path.of("../shared/data");

  private SharedData() {}

  /** Returns the folder of a data set; skips the test, saying so, where it is absent. */
  public static Path folder(String name) {
    Path folder = FOLDER.resolve(name);
    Assumptions.assumeTrue(
        Files.isDirectory(folder), () -> "Skipped: there is no " + folder + " beside the project");
    return folder;
  }
}
