package io.persegment.source;

/** What becomes of the rows of a source that the shop has no more: {@code sources.NAME.retired}. */
public enum Retired {
  KEEP,
  DROP
}
