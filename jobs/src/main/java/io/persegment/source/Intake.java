package io.persegment.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * What a run takes in of one source.
 *
 * @param files that will have been read to their end
 * @param toRead those of them, or others, whose rows count
 * @param wholeTruth whether these are all that the source has: other records of it go
 * @param mostRemoved share of a table's records that may go, 0 to 1
 */
record Intake(
    List<FoundFile> files, List<FoundFile> toRead, boolean wholeTruth, double mostRemoved) {

  /**
   * Of a source whose every snapshot is all that it has only the newest is read, and only where
   * something of it is new. Files of one folder are one snapshot where the path has a wildcard for
   * folders, else each file is one; the greatest name is the newest.
   *
   * @param known paths of files that were read before
   */
  static Intake ofSnapshots(
      SourceSettings source,
      List<FoundFile> files,
      List<FoundFile> there,
      Collection<String> known) {
    boolean byFolder =
        String.valueOf(new Path(source.read().path()).getParent()).matches(".*[*?\\[{].*");
    String newest =
        Stream.concat(there.stream().map(FoundFile::path), known.stream())
            .map(path -> snapshot(path, byFolder))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    boolean isNew = files.stream().anyMatch(file -> snapshot(file.path(), byFolder).equals(newest));
    List<FoundFile> toRead =
        isNew
            ? there.stream().filter(file -> snapshot(file.path(), byFolder).equals(newest)).toList()
            : List.of();
    return new Intake(files, toRead, true, source.mostRemoved());
  }

  private static String snapshot(String path, boolean byFolder) {
    return byFolder ? path.substring(0, path.lastIndexOf('/')) : path;
  }
}
