package io.persegment.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of the exports. Everything is written to {@code .partial} beside them and moved when
 * it is complete, so that a run that was killed never leaves half of its files where they are read.
 */
final class GardenFolder {
  private static final List<String> GENERATED =
      List.of("shopify", "ga4", "hubspot", "klaviyo", "catalogue", "newsletter", "truth");

  private final Path exports;
  private final Path partial;

  GardenFolder(Path exports) {
    this.exports = exports;
    this.partial = exports.resolve(".partial");
  }

  /** Empties the folder to write to and returns it. */
  Path begin() {
    try {
      delete(partial);
      Files.createDirectories(partial);
      return partial;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + partial, e);
    }
  }

  /** Puts what was written in the place of what was generated before; leaves other files alone. */
  void publish() {
    try {
      for (String folder : GENERATED) {
        delete(exports.resolve(folder));
        Files.move(partial.resolve(folder), exports.resolve(folder));
      }
      delete(partial);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot move what was generated to " + exports, e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
