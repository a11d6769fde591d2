package io.persegment.source;

import java.time.Instant;
import java.util.Optional;

/**
 * A file of a source.
 *
 * @param path in full, as Spark names it in {@code _metadata.file_path}
 * @param size in bytes
 * @param position how far a source with a cursor is read once this file is
 */
record FoundFile(String path, long size, Instant modified, Optional<String> position) {

  FoundFile(String path, long size, Instant modified) {
    this(path, size, modified, Optional.empty());
  }

  boolean isAs(FoundFile known) {
    return known != null && size == known.size && modified.equals(known.modified);
  }
}
