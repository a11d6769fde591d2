package io.persegment.lifetime;

/** When customers may stop to buy for good. */
public enum Dropout {
  /** BG/NBD: after each purchase but the first. Who bought once is alive for certain. */
  BG_NBD(0),
  /** MBG/NBD: after each purchase. */
  MBG_NBD(1);

  private final int atFirst;

  Dropout(int atFirst) {
    this.atFirst = atFirst;
  }

  /** Returns how many chances to stop who bought {@code frequency} times again has had. */
  int chances(int frequency) {
    return frequency + atFirst;
  }
}
