package io.persegment.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a lake for one run. A file in the lake names the run and its process, and is written anew
 * every {@link #BEAT}; where the process is known to be gone, or the file is older than {@link
 * #LEFT_BEHIND}, it was left by a killed run and the next one takes it over.
 */
public final class LakeLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeLock.class);
  private static final String NAME = "_lock";
  private static final Duration BEAT = Duration.ofSeconds(20);
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(3);

  /** Who holds a lake. */
  private record Holder(
      String runId, String host, long pid, Instant processStart, Instant since, Instant beat) {

    static Holder me(String runId) {
      ProcessHandle process = ProcessHandle.current();
      Instant start = process.info().startInstant().orElse(Instant.EPOCH);
      Instant now = Instant.now();
      return new Holder(runId, thisHost(), process.pid(), start, now, now);
    }

    static Holder parse(Properties text) {
      return new Holder(
          text.getProperty("run"),
          text.getProperty("host"),
          Long.parseLong(text.getProperty("pid")),
          Instant.parse(text.getProperty("process-start")),
          Instant.parse(text.getProperty("since")),
          Instant.parse(text.getProperty("beat")));
    }

    void write(OutputStream out) throws IOException {
      var text = new Properties();
      text.setProperty("run", runId);
      text.setProperty("host", host);
      text.setProperty("pid", Long.toString(pid));
      text.setProperty("process-start", processStart.toString());
      text.setProperty("since", since.toString());
      text.setProperty("beat", Instant.now().toString());
      text.store(out, "Held by a run of Persegment");
    }

    /** Whether this process cannot be running any more. */
    boolean isGone() {
      if (!host.equals(thisHost())) {
        return beat.plus(LEFT_BEHIND).isBefore(Instant.now());
      }
      Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
      // A number is given anew to another process after a while; its start tells them apart.
      return process.isEmpty()
          || !process.get().info().startInstant().orElse(Instant.EPOCH).equals(processStart);
    }

    private static String thisHost() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (IOException e) {
        return "localhost";
      }
    }
  }

  private final Path file;
  private final FileSystem storage;
  private final Holder me;
  private final Thread heart;

  private LakeLock(Path file, FileSystem storage, Holder me) {
    this.file = file;
    this.storage = storage;
    this.me = me;
    this.heart = new Thread(this::beat, "lake-lock");
    heart.setDaemon(true);
  }

  /**
   * Takes the lake for {@code runId}.
   *
   * @throws io.persegment.error.PersegmentException naming the run that holds it
   */
  public static LakeLock take(Configuration hadoop, String root, String runId) {
    Path file = new Path(root, NAME);
    try {
      FileSystem storage = file.getFileSystem(hadoop);
      storage.mkdirs(file.getParent());
      var lock = new LakeLock(file, storage, Holder.me(runId));
      if (!lock.create()) {
        Optional<Holder> holder = lock.holder();
        if (holder.isPresent() && !holder.get().isGone()) {
          Holder other = holder.get();
          throw RunErrors.held(root, other.runId(), other.host(), other.pid(), other.since());
        }
        lock.takeOver(holder);
      }
      lock.heart.start();
      return lock;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the lake free; never another run's. */
  @Override
  public void close() {
    heart.interrupt();
    try {
      if (holder().filter(holder -> holder.runId().equals(me.runId())).isPresent()) {
        storage.delete(file, false);
      }
    } catch (IOException e) {
      LOG.warn("Could not remove {}; the next run takes it over", file, e);
    }
  }

  private void takeOver(Optional<Holder> left) throws IOException {
    LOG.warn("Taking over the lock of run {}", left.map(Holder::runId).orElse("(unreadable)"));
    storage.delete(file, false);
    if (!create()) { // somebody else was quicker
      Holder other = holder().orElse(me);
      throw RunErrors.held(
          file.getParent().toString(), other.runId(), other.host(), other.pid(), other.since());
    }
  }

  /** Creates the file unless it is there, as one step. */
  private boolean create() throws IOException {
    try (OutputStream out = newFile()) {
      me.write(out);
      return true;
    } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Hadoop's local file system looks first and creates then; the JDK does both at once. */
  private OutputStream newFile() throws IOException {
    return isLocal()
        ? java.nio.file.Files.newOutputStream(localFile(), StandardOpenOption.CREATE_NEW)
        : storage.create(file, false);
  }

  private Optional<Holder> holder() throws IOException {
    try (var in = new InputStreamReader(storage.open(file), StandardCharsets.UTF_8)) {
      var text = new Properties();
      text.load(in);
      return Optional.of(Holder.parse(text));
    } catch (FileNotFoundException
        | NullPointerException
        | IllegalArgumentException
        | DateTimeException e) {
      return Optional.empty(); // gone in the meantime, or cut off by a full disk
    }
  }

  private void beat() {
    try {
      while (true) {
        Thread.sleep(BEAT.toMillis());
        try (OutputStream out =
            isLocal()
                ? java.nio.file.Files.newOutputStream(localFile())
                : storage.create(file, true)) {
          me.write(out);
        } catch (IOException e) {
          LOG.warn("Could not renew {}", file, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the run has ended
    }
  }

  private boolean isLocal() {
    return storage.getUri().getScheme().equals("file");
  }

  private java.nio.file.Path localFile() {
    return java.nio.file.Path.of(storage.makeQualified(file).toUri().getPath());
  }
}
