package io.persegment.source;

import java.time.Instant;

/**
 * A file of a source.
 *
 * @param path in full, as Spark names it in {@code _metadata.file_path}
 * @param size in bytes
 */
record FoundFile(String path, long size, Instant modified) {}
