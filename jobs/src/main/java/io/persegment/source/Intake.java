package io.persegment.source;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * What a run takes in of one source.
 *
 * @param files that will have been read to their end
 * @param toRead those of them, or others, whose rows count
 * @param wholeTruth whether these are all that the source has: other records of it go
 * @param refusedBefore files whose rows in quarantine stand no more: they are read anew, or another
 *     snapshot takes their place
 * @param mostRemoved share of a table's records that may go, 0 to 1
 */
record Intake(
    List<FoundFile> files,
    List<FoundFile> toRead,
    boolean wholeTruth,
    List<String> refusedBefore,
    double mostRemoved) {

  /**
   * @param all whether the files are all that the source has
   * @param refused paths of files with rows in quarantine
   */
  static Intake of(List<FoundFile> files, boolean all, Set<String> refused) {
    List<String> again = files.stream().map(FoundFile::path).filter(refused::contains).toList();
    return new Intake(files, files, all, again, 1);
  }

  /**
   * Of a source whose every snapshot is all that it has only the newest is read, and only where
   * something of it is among {@code files}. Files of one folder are one snapshot where the path has
   * a wildcard for folders, else each file is one; the greatest name is the newest.
   *
   * @param known paths of files that were read before
   * @param refused paths of files with rows in quarantine
   */
  static Intake ofSnapshots(
      SourceSettings source,
      List<FoundFile> files,
      List<FoundFile> there,
      Set<String> known,
      Set<String> refused) {
    boolean byFolder =
        String.valueOf(new Path(source.read().path()).getParent()).matches(".*[*?\\[{].*");
    String newest =
        Stream.concat(there.stream().map(FoundFile::path), known.stream())
            .map(path -> snapshot(path, byFolder))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    List<FoundFile> ofNewest =
        there.stream().filter(file -> snapshot(file.path(), byFolder).equals(newest)).toList();
    boolean isNew = files.stream().anyMatch(ofNewest::contains);
    return new Intake(
        files,
        isNew ? ofNewest : List.of(),
        true,
        isNew ? List.copyOf(refused) : List.of(),
        source.mostRemoved());
  }

  private static String snapshot(String path, boolean byFolder) {
    return byFolder ? path.substring(0, path.lastIndexOf('/')) : path;
  }
}
