package io.persegment.demo;

/** What happens to an e-mail, in Klaviyo's words. */
enum Metric {
  RECEIVED("QmR1cv", "Received Email"),
  OPENED("QmOp3n", "Opened Email"),
  CLICKED("QmCl1k", "Clicked Email"),
  BOUNCED("QmBnc3", "Bounced Email"),
  SPAM("QmSp4m", "Marked Email as Spam"),
  UNSUBSCRIBED("QmUns8", "Unsubscribed");

  private final String id;
  private final String label;

  Metric(String id, String label) {
    this.id = id;
    this.label = label;
  }

  String id() {
    return id;
  }

  /** The name of the metric in Klaviyo. */
  String label() {
    return label;
  }
}
