package io.persegment.run;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that is done beside that of the driver's thread, so that the cluster has something to do
 * while the driver plans. It has the Spark session, the job group and the description of the thread
 * that starts it. To be closed, which waits for its end: nothing of a stage runs on when the stage
 * is over.
 */
public final class Aside<T> implements AutoCloseable {
  private final FutureTask<T> task;
  private final Thread thread;

  private Aside(FutureTask<T> task, Thread thread) {
    this.task = task;
    this.thread = thread;
  }

  /** Starts {@code work}, which must not share a {@link StageReport} with other threads. */
  public static <T> Aside<T> start(String name, Callable<T> work) {
    var task = new FutureTask<T>(work);
    var thread = new Thread(task, name); // what Spark knows of a thread is inherited
    thread.start();
    return new Aside<>(task, thread);
  }

  /** Waits for the result; throws what the work threw. */
  public T get() {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw Aside.<RuntimeException>asItIs(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Scala code throws checked exceptions without saying so. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E asItIs(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
