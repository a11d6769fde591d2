package io.persegment.error;

/**
 * A failure that the job expected and can explain. The message says what is wrong, where, and what
 * to do about it; it never contains a value from a customer's row.
 */
public final class PersegmentException extends RuntimeException {
  private final Fault fault;

  public PersegmentException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public PersegmentException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
