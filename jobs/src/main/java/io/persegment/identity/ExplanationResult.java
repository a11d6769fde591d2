package io.persegment.identity;

import io.persegment.matching.Waterfall;
import java.util.List;
import java.util.Optional;

/** Why records are one customer or are not: keys, hashes and levels, but no value of anybody. */
public sealed interface ExplanationResult {
  /**
   * Why records are one customer.
   *
   * @param keys of its records
   * @param shared what two or more records have, of which at least one is this customer's
   * @param matches pairs of its records that match, and others of its records that do not after all
   * @param below how many pairs of its records with others were compared and are too unlike
   */
  record OfCustomer(
      String customer, First<String> keys, First<Shared> shared, First<Match> matches, long below)
      implements ExplanationResult {}

  /**
   * Why two records are one customer or are not.
   *
   * @param shared what both have
   * @param match how they compare with each other
   * @param chain what ties the two through records of their customers, from the first to the
   *     second; empty where nothing does
   */
  record OfPair(Member left, Member right, List<Shared> shared, Match match, List<Hop> chain)
      implements ExplanationResult {
    public OfPair {
      shared = List.copyOf(shared);
      chain = List.copyOf(chain);
    }

    public boolean isOneCustomer() {
      return left.customer().equals(right.customer());
    }
  }

  /** A record and its customer. */
  record Member(String key, String type, String customer) {
    /** Returns whether it is of those that are compared with others. */
    public boolean isContact() {
      return type.equals(IdentityMap.CONTACT);
    }
  }

  /**
   * The first of many.
   *
   * @param all how many there are
   */
  record First<T>(List<T> some, long all) {
    public First {
      some = List.copyOf(some);
    }
  }

  /**
   * A value that records share.
   *
   * @param identifier its kind and the beginning of its hash
   * @param records how many have it, of all customers
   * @param holders those that are asked about, first those that it links
   */
  record Shared(String identifier, long records, First<Holder> holders) {}

  /**
   * A record that has a value.
   *
   * @param cut why the value does not link it; empty where it does
   */
  record Holder(String key, Optional<String> cut) {}

  /**
   * Two records that were compared.
   *
   * @param found what identity_links has of them; empty where they were never compared or too
   *     unlike
   * @param now how they compare now; empty where either is no more, or nothing was learnt
   */
  record Match(String left, String right, Optional<Found> found, Optional<Waterfall> now) {}

  /**
   * What identity_links has of two records.
   *
   * @param weight in bits
   * @param cut why it does not link them; empty where it does
   */
  record Found(double weight, double probability, Optional<String> cut) {}

  /**
   * One link of a chain.
   *
   * @param identifier what both share, as {@link Shared#identifier}; empty where they match
   * @param match how they match; empty where they share an identifier, or a person decided
   * @param cut why it does not link them; empty where it does
   */
  record Hop(
      String from,
      String to,
      Optional<String> identifier,
      Optional<Match> match,
      Optional<String> cut) {}
}
