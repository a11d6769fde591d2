package io.persegment.demo;

import java.util.Locale;

/**
 * Numbers that look random and never repeat, made from the person they belong to by a seeded
 * bijection: nothing need be remembered, and neighbours in one file are not neighbours in another.
 */
final class Ids {
  /** Whose numbers; each kind is scrambled on its own. */
  enum Kind {
    PLACE_IN_FILES,
    CUSTOMER,
    CONTACT,
    PROFILE,
    ORDER,
    ORDER_LINE,
    REFUND,
    LINE_REFUND,
    EMAIL_EVENT,
    CONSENT,
    DEVICE,
    EMAIL_ADDRESS,
    PHONE
  }

  /** Bits of a vendor's number: 28 for the person and 16 to count with. */
  private static final int ROW_BITS = 44;

  private static final int COUNTER_BITS = 16;
  private static final long ROW_BASE = 1_000_000_000_000L;

  /** Up to ten digits, as in the first half of a {@code user_pseudo_id}. */
  private static final int DEVICE_BITS = 33;

  private static final int PHONE_BITS = 26;
  private static final int PHONE_BASE = 20_000_000;
  private static final int ADDRESSES_A_PERSON = 4;

  private final long seed;
  private final int customers;

  Ids(long seed, int customers) {
    this.seed = seed;
    this.customers = customers;
  }

  /**
   * Returns a number for the person's {@code counter}-th row of this kind, counter below 65,536.
   */
  long row(Kind kind, int person, int counter) {
    if (counter >= 1 << COUNTER_BITS) {
      throw new IllegalStateException("One person has more rows than ids: " + kind);
    }
    return ROW_BASE + scrambled(kind, ((long) person << COUNTER_BITS) | counter, ROW_BITS);
  }

  /** Returns {@link #row} in Klaviyo's way of writing ids: capitals and digits. */
  String code(Kind kind, int person, int counter) {
    return Long.toString(row(kind, person, counter), Character.MAX_RADIX).toUpperCase(Locale.ROOT);
  }

  /** Returns which person is simulated in this place; a permutation of all persons. */
  int personAt(int place) {
    int bits = bitsFor(customers);
    long person = scrambled(Kind.PLACE_IN_FILES, place, bits);
    while (person >= customers) { // walk the cycle until it is back among the persons
      person = scrambled(Kind.PLACE_IN_FILES, person, bits);
    }
    return (int) person;
  }

  /** Returns the number in the e-mail address that a person has in this slot (0 to 3). */
  long emailNumber(int person, int slot) {
    long address = (long) person * ADDRESSES_A_PERSON + slot;
    return scrambled(Kind.EMAIL_ADDRESS, address, bitsFor(customers * (long) ADDRESSES_A_PERSON));
  }

  /** Returns the eight digits of a person's phone. */
  long phone(int person) {
    return PHONE_BASE + scrambled(Kind.PHONE, person, PHONE_BITS);
  }

  /** Returns the random half of a device's {@code user_pseudo_id}; counter below 8. */
  long device(int person, int counter) {
    return scrambled(Kind.DEVICE, ((long) person << 3) | counter, DEVICE_BITS);
  }

  private static int bitsFor(long values) {
    return Math.max(2, Long.SIZE - Long.numberOfLeadingZeros(values - 1));
  }

  /** Multiplying by an odd number and xor with the upper half can both be undone. */
  private long scrambled(Kind kind, long number, int bits) {
    long mask = (1L << bits) - 1;
    long key = Draw.mixed(seed ^ Draw.mixed(kind.ordinal() + 77L));
    long scrambled = number;
    for (int round = 0; round < 4; round++) {
      scrambled = ((scrambled + key) * (Draw.mixed(key + round) | 1)) & mask;
      scrambled ^= scrambled >>> ((bits + 1) / 2);
    }
    return scrambled;
  }
}
