package io.persegment.report;

import java.util.Map;
import java.util.Set;

/**
 * Customers who are not written to, for one reason.
 *
 * @param reason as it stands in {@code audience_suppressed}
 */
public record LeftOut(String reason, long customers) {
  private static final Map<String, String> WORDS =
      Map.of(
          "no_email", "no e-mail address is known",
          "invalid_email", "the address is known to be wrong",
          "unsafe_email", "the address is a trap, a complainer's, or one to be spared",
          "bounced", "mail to the address came back for good",
          "complained", "called a mail spam",
          "unsubscribed", "unsubscribed",
          "no_consent", "never agreed to marketing by e-mail",
          "withdrawn", "took their consent back",
          "shared_mailbox", "shares the address with a customer who is written to");
  private static final Set<String> CONSENT =
      Set.of("complained", "unsubscribed", "no_consent", "withdrawn");

  /** Returns the reason in words. */
  public String inWords() {
    return WORDS.getOrDefault(reason, reason);
  }

  /** Returns whether they are left out because they did not agree, or do not any more. */
  public boolean forWantOfConsent() {
    return CONSENT.contains(reason);
  }
}
